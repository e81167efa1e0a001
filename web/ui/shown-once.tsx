import { Button, Checkbox, Stack, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { CopyLine } from './copy.tsx'

/** What it is said to be, how its copy button calls it ("the key"), and the text. */
export type Line = { label: string; what: string; text: string }

type Props = { children: ReactNode; lines: readonly Line[]; done: () => void }

/** What is shown now and never again, in the forms that people need it in. It is left only by saying that it is stored. */
export function ShownOnce({ children, lines, done }: Props) {
  const [stored, setStored] = useState(false)
  return (
    <Stack gap="md">
      <Text>{children}</Text>
      {lines.map(({ label, what, text }) => (
        <div key={label}>
          <Text size="sm">{label}</Text>
          <CopyLine text={text} what={what} />
        </div>
      ))}
      <Checkbox
        label="I have stored it"
        checked={stored}
        onChange={(event) => setStored(event.currentTarget.checked)}
      />
      <Button disabled={!stored} onClick={done}>
        Done
      </Button>
    </Stack>
  )
}
