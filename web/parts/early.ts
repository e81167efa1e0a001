type FirstLook = { url: string; reply: Promise<Response>; at: number | undefined }

let taken: FirstLook | undefined

/** `fetch`, but the request that the page's head has already sent is taken from there, once (`approve.html`). */
export const earlyFetch = (url: RequestInfo | URL | string, init?: RequestInit): Promise<Response> => {
  // The head is no module and can only leave it on the window.
  const page = window as { countersignFirstLook?: FirstLook }
  const first = page.countersignFirstLook
  if (!first || first.url !== url) return fetch(url, init)
  delete page.countersignFirstLook
  taken = first
  return first.reply
}

/**
 * When the reply that was just read arrived, by this browser's clock, in ms. The first one may have waited for the page's
 * code; a countdown that took that for the way from the server would promise too much time.
 */
export function arrival(): number {
  const at = taken?.at ?? Date.now()
  taken = undefined
  return at
}
