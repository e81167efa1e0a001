import { Drawer, Modal } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { DialogProps } from './dialog.tsx'

const common = {
  closeButtonProps: { 'aria-label': 'Close' },
  returnFocus: false,
  transitionProps: { duration: 120 },
  // Its title's line is a <header>, which outside the page's main part counts as one more banner of the page.
  attributes: { header: { role: 'presentation' } },
}

/** Dialogs that are open, the topmost last: Esc is heard by all of them, and only that one closes. */
const open: symbol[] = []

/** Closing that does nothing while another dialog lies above. */
function useTopmost(close: () => void): () => void {
  const own = useRef(Symbol('dialog'))
  useEffect(() => {
    const me = own.current
    open.push(me)
    return () => void open.splice(open.indexOf(me), 1)
  }, [])
  return () => {
    if (open.at(-1) === own.current) close()
  }
}

/** The window of a dialog; loaded when one is opened (`dialog.tsx`). */
export function Window({ drawer = false, opened, close, title, size = 'md', children }: DialogProps) {
  const closeTopmost = useTopmost(close)
  return drawer ? (
    <Drawer {...common} opened={opened} onClose={closeTopmost} title={title} size={size} position="right">
      {children}
    </Drawer>
  ) : (
    <Modal {...common} opened={opened} onClose={closeTopmost} title={title} size={size} centered>
      {children}
    </Modal>
  )
}
