import { useEffect } from 'react'

/** The document's title: how many wait for the reader, the page, the product. */

const now = { page: '', waiting: 0 }

function write(): void {
  const count = now.waiting > 0 ? `(${now.waiting}) ` : ''
  document.title = now.page === '' ? `${count}Countersign` : `${count}${now.page} · Countersign`
}

/** Names the page. */
export function useTitle(page: string): void {
  useEffect(() => {
    now.page = page
    write()
  }, [page])
}

/** Puts the number of requests that wait for the reader before the title; 0 takes it away. */
export function useBadge(waiting: number): void {
  useEffect(() => {
    now.waiting = waiting
    write()
    return () => {
      now.waiting = 0
      write()
    }
  }, [waiting])
}
