import { type RefObject, useEffect, useState } from 'react'

export type Taken = 'idle' | 'copied' | 'refused'

/** Copies a text; where the browser refuses the clipboard, what shows it is selected instead. Falls back to idle after 2.5 s. */
export function useTake(text: string, shown: RefObject<HTMLElement | null>) {
  const [state, setState] = useState<Taken>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 2500)
    return () => clearTimeout(timer)
  }, [state])
  const take = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      if (shown.current) getSelection()?.selectAllChildren(shown.current)
      setState('refused')
    }
  }
  return { state, take: () => void take() }
}

/** What a screen reader hears of it. */
export const takenWords: Readonly<Record<Taken, string>> = {
  idle: '',
  copied: 'Copied.',
  refused: 'Selected; copy it with your keyboard.',
}
