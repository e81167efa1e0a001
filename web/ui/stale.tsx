import { Notice } from './sheet.tsx'

/** That the page could not look again, and how old is what it shows. `readAt`: by this browser's clock, in ms. */
export const Stale = ({ readAt }: { readAt: number }) => (
  <div role="status">
    <Notice warn>
      The connection is lost. You see what was known at {new Date(readAt).toLocaleTimeString()}; the page tries again by
      itself.
    </Notice>
  </div>
)
