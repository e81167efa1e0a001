import { Button } from '@mantine/core'
import { type ComponentProps, useState } from 'react'
import { ConfirmDialog } from './confirm.tsx'

type Props = Omit<ComponentProps<typeof ConfirmDialog>, 'opened' | 'close'> & {
  /** What the button says, with an ellipsis: "Delete…". */
  label: string
  /** Its name for those who hear it, where several of a list say the same: "Delete the policy ci". Makes it small. */
  named?: string | undefined
}

/** A button that ends something, once it was asked twice. */
export function AskButton({ label, named, ...question }: Props) {
  const [asked, setAsked] = useState(false)
  return (
    <>
      <Button variant="default" size={named && 'xs'} aria-label={named} onClick={() => setAsked(true)}>
        {label}
      </Button>
      <ConfirmDialog {...question} opened={asked} close={() => setAsked(false)} />
    </>
  )
}
