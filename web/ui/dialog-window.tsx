import { Drawer, Modal } from '@mantine/core'
import type { DialogProps } from './dialog.tsx'

const common = { closeButtonProps: { 'aria-label': 'Close' }, returnFocus: false, transitionProps: { duration: 120 } }

/** The window of a dialog; loaded when one is opened (`dialog.tsx`). */
export const Window = ({ drawer = false, opened, close, title, size = 'md', children }: DialogProps) =>
  drawer ? (
    <Drawer {...common} opened={opened} onClose={close} title={title} size={size} position="right">
      {children}
    </Drawer>
  ) : (
    <Modal {...common} opened={opened} onClose={close} title={title} size={size} centered>
      {children}
    </Modal>
  )
