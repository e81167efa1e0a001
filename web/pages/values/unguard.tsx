import { AskButton } from '../../ui/ask-button.tsx'
import { useMarking } from './guards.ts'

/** Takes a mark away, once it was asked twice. */
export function Unguard({ path }: { path: string }) {
  const { unmark } = useMarking()
  return (
    <AskButton
      label="Remove mark…"
      named={`Remove the mark of ${path}`}
      title={`Let keys read ${path} again?`}
      verb="Remove mark"
      confirm={() => unmark.go(path)}
      busy={unmark.busy}
      fault={unmark.fault}
    >
      Every API key that may read this path reads it, and all below, at once and without asking anybody.
    </AskButton>
  )
}
