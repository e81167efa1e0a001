import { useSyncExternalStore } from 'react'

/** Asking a person to prove again who they are, from anywhere: one dialog, drawn by the dashboard's frame. */

type Asking = { settle: (proven: boolean) => void }

let asking: Asking | undefined
const listeners = new Set<() => void>()

function put(next: Asking | undefined): void {
  asking = next
  for (const listener of listeners) listener()
}

/** Opens the dialog "Sign in again"; true when they did, false when they closed it. */
export function proveAgain(): Promise<boolean> {
  asking?.settle(false)
  return new Promise((resolve) => {
    put({
      settle: (proven) => {
        put(undefined)
        resolve(proven)
      },
    })
  })
}

/** What the dialog has to answer; undefined while nothing asks. */
export const useAsking = (): Asking | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => asking,
  )
