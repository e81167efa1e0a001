import { lazy, type ReactNode, Suspense } from 'react'
import { useFocusBack } from './focus-back.ts'

const Window = lazy(() => import('./dialog-window.tsx').then(({ Window }) => ({ default: Window })))

export type DialogProps = {
  opened: boolean
  close: () => void
  title: string
  /** Width on a desk; phones use the whole screen's width. */
  size?: 'sm' | 'md' | 'lg' | 'xl'
  /** A drawer at the right edge instead of a window in the middle: for looking at one row of a list. */
  drawer?: boolean
  children: ReactNode
}

/**
 * A dialog or drawer: Esc and the cross close it, the keyboard stays inside and goes back to where it was. Mark what the
 * focus starts on with `data-autofocus`. The window's code is loaded with the first one that is opened.
 */
export function Dialog(props: DialogProps) {
  useFocusBack(props.opened)
  if (!props.opened) return null
  return (
    <Suspense fallback={null}>
      <Window {...props} />
    </Suspense>
  )
}
