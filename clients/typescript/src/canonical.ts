/** Canonical JSON (RFC 8785) of what JSON.parse made: numbers and texts as ECMAScript writes them, names sorted by UTF-16. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join()}}`
}

/** The bytes of base64url (RFC 4648) without padding; undefined unless it is spelt in the one way that encoders spell it. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined
  const plain = text.replaceAll('-', '+').replaceAll('_', '/')
  const bytes = atob(plain)
  const again = btoa(bytes).replaceAll('=', '')
  return again === plain ? Uint8Array.from(bytes, (one) => one.charCodeAt(0)) : undefined
}

/** The text in base64url. @throws when it is none, or not UTF-8 */
export function textIn(segment: string): string {
  const bytes = fromBase64url(segment)
  if (!bytes) throw new TypeError('This is no base64url.')
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
}
