import canonicalize from 'canonicalize'

/** Canonical JSON (RFC 8785): one text for one meaning, so that a hash of it can be compared. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new Error('The value has no JSON form.')
  return text
}
