import { useEffect } from 'react'

/**
 * Brings the keyboard back to where it was before something was opened. When that is gone meanwhile, as the row that was
 * just removed, to the page's main part.
 */
export function useFocusBack(opened: boolean): void {
  useEffect(() => {
    if (!opened) return
    const before = document.activeElement
    return () => {
      // After the focus trap has let go.
      setTimeout(() => {
        const target = before instanceof HTMLElement && before.isConnected ? before : document.getElementById('main')
        target?.focus({ preventScroll: target.id === 'main' })
      }, 20)
    }
  }, [opened])
}
