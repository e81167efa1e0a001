import { useEffect } from 'react'

/** What the page is called in its HTML. */
const page = document.title

/** Names the state of a public page in its title, before what the page is called. Never somebody's words: titles are kept. */
export function useName(state: string | undefined): void {
  useEffect(() => {
    document.title = state === undefined ? page : `${state} · ${page}`
  }, [state])
}
