import { Textarea } from '@mantine/core'

type Props = {
  label: string
  description: string
  value: string
  change: (value: string) => void
  error: string | undefined
}

/** A short list, typed one entry per line. */
export const LinesField = ({ change, ...rest }: Props) => (
  <Textarea
    {...rest}
    rows={2}
    spellCheck={false}
    autoCapitalize="none"
    onChange={(event) => change(event.currentTarget.value)}
  />
)
