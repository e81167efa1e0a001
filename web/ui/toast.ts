import { notifications } from '@mantine/notifications'
import type { Fault } from '../parts/fault.ts'

/** What a screen reader hears of the cross. */
const closeButtonProps = { 'aria-label': 'Dismiss' }

/** Says in a corner, and to screen readers, that something was done. */
export const say = (message: string): void =>
  void notifications.show({ message, color: 'teal', autoClose: 5000, closeButtonProps })

/** Says why something was not done; stays until it is closed, with the request's id to quote. */
export const complain = (fault: Fault, title = 'Not done'): void =>
  void notifications.show({
    title,
    message: fault.requestId ? `${fault.message} (request ${fault.requestId})` : fault.message,
    color: 'red',
    autoClose: false,
    closeButtonProps,
    // One complaint of a kind at a time: pressing again replaces it.
    id: `${fault.code} ${title}`,
  })
