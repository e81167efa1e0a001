import { useSyncExternalStore } from 'react'

const name = 'countersign-single-keys'
const listeners = new Set<() => void>()

/** Whether single keys do something: they can be switched off (WCAG 2.1.4), for who speaks to their computer. */
export const singleKeys = (): boolean => localStorage.getItem(name) !== 'off'

export function setSingleKeys(on: boolean): void {
  localStorage.setItem(name, on ? 'on' : 'off')
  for (const listener of listeners) listener()
}

export const useSingleKeys = (): boolean =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, singleKeys)
