import { TextInput } from '@mantine/core'

type Props = {
  value: string
  change: (value: string) => void
  error?: string | undefined
  /** `username` where it is the reader's own, so that a password manager fills it in; `off` where it is somebody else's. */
  autoComplete: 'off' | 'username' | 'username webauthn'
  label?: string
  readOnly?: boolean
  autoFocus?: boolean
}

/** One e-mail address. */
export const EmailField = ({ change, label = 'E-mail address', autoFocus, ...rest }: Props) => (
  <TextInput
    {...rest}
    label={label}
    type="email"
    onChange={(event) => change(event.currentTarget.value)}
    maxLength={254}
    required
    withAsterisk={false}
    data-autofocus={autoFocus || undefined}
  />
)
