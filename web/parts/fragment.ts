import { useEffect, useState } from 'react'

/**
 * What stands after # in this page's address, read by `read`: `reading`, then what came of it. `cut`: missing, cut off or
 * mistyped. `unable`: this browser has no encryption to offer, as without HTTPS. A fragment that is mended is read anew.
 */
export function useFragment<Key extends object>(
  read: (hash: string) => Promise<Key | undefined>,
): Key | 'reading' | 'cut' | 'unable' {
  const [found, setFound] = useState<Key | 'reading' | 'cut' | 'unable'>('reading')
  useEffect(() => {
    const look = () => {
      if (!globalThis.crypto?.subtle) setFound('unable')
      else read(location.hash).then((key) => setFound(key ?? 'cut'))
    }
    look()
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [read])
  return found
}
