/** A path of our own to go to after signing in. Anything else, as an address of another host, is `/p`. */
export function ownPath(given: string | null | undefined): string {
  if (!given?.startsWith('/') || /^\/[/\\]/.test(given) || /[\p{Cc}\\]/u.test(given)) return '/p'
  const at = new URL(given, location.origin)
  return at.origin === location.origin ? at.pathname + at.search : '/p'
}

/** Where the fragment says to go on, `#next=/own/path`. */
export const nextIn = (hash: string): string => ownPath(new URLSearchParams(hash.replace(/^#/, '')).get('next'))

/**
 * Takes the secret out of the address' fragment, `#token`, so that it is in no history, screenshot or shared address. Kept
 * for this tab until it is used, so that reloading the page does not lose it.
 */
export function takeTicket(page: string): string | undefined {
  const place = `ticket ${page}`
  const given = location.hash.slice(1)
  if (/^[0-9A-Za-z]{26}$/.test(given)) {
    sessionStorage.setItem(place, given)
    history.replaceState(history.state, '', location.pathname + location.search)
    return given
  }
  return sessionStorage.getItem(place) ?? undefined
}

/** Forgets it, once it is used or has turned out to be gone. */
export const dropTicket = (page: string): void => sessionStorage.removeItem(`ticket ${page}`)

/** The token of a mailed link to a new password, taken out of the address likewise. It works once, so it is not kept. */
export function takeResetToken(): string | undefined {
  const given = location.hash.slice(1)
  if (!/^[A-Za-z0-9]{16,64}$/.test(given)) return undefined
  history.replaceState(history.state, '', location.pathname + location.search)
  return given
}
