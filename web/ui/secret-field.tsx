import { PasswordInput, type PasswordInputProps, TextInput } from '@mantine/core'

/** A password: pasted, filled in by a manager, shown on request (WCAG 3.3.8). */
export const PasswordField = ({ autoComplete, ...rest }: PasswordInputProps) => (
  <PasswordInput
    size="md"
    autoComplete={autoComplete}
    autoCapitalize="none"
    spellCheck={false}
    maxLength={400}
    visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0, 'aria-hidden': false }}
    {...rest}
  />
)

type CodeProps = { label: string; value: string; change: (value: string) => void; error?: string | undefined }

/** Six digits of an authenticator app; blanks that came along are taken out by the server. */
export const CodeField = ({ label, value, change, error }: CodeProps) => (
  <TextInput
    label={label}
    value={value}
    onChange={(event) => change(event.currentTarget.value)}
    error={error}
    inputMode="numeric"
    autoComplete="one-time-code"
    maxLength={12}
    required
    withAsterisk={false}
    data-autofocus
  />
)
