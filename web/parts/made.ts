/** Where this browser remembers which secrets were made in it: digests only, which open nothing. */
const place = 'countersign made'

/** As many are remembered, newest first. */
const most = 50

function kept(): unknown[] {
  const made: unknown = JSON.parse(localStorage.getItem(place) ?? '[]')
  return Array.isArray(made) ? made : []
}

/** Remembers that a guest's secret was made in this browser, so that its page can warn before its maker uses it up. */
export async function rememberMade(secretKey: string): Promise<void> {
  try {
    localStorage.setItem(place, JSON.stringify([await digestOf(secretKey), ...kept()].slice(0, most)))
  } catch {
    // Storage that is switched off, or a page without HTTPS: nobody is warned, and the secret is made all the same.
  }
}

/** True when the secret behind a link was made in this browser, by somebody who was not signed in. */
export async function madeHere(secretKey: string): Promise<boolean> {
  try {
    return kept().includes(await digestOf(secretKey))
  } catch {
    return false // storage that is switched off or was tampered with, or a page without HTTPS
  }
}

async function digestOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
