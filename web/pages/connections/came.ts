/** Why something did not arrive, in words; a code that is not here is said as it is. */
const words: Readonly<Record<string, string>> = {
  ADDRESS_NOT_ALLOWED: 'its address is not public; an operator can allow it with OUTBOUND_ALLOW',
  TIMEOUT: 'it did not answer in time',
  TLS: 'its certificate is not trusted',
  REFUSED: 'it refused the connection',
  REDIRECT: 'it sent us elsewhere, and redirects are not followed',
  NAME_NOT_FOUND: 'there is no such host',
}

type Came = { delivered: boolean; status: number | null; error: string | null }

/** What came of a test, in one sentence. */
export function cameOf({ delivered, status, error }: Came): string {
  const answer = status === null ? '' : ` It answered ${status}.`
  if (delivered) return `It arrived.${answer}`
  return `It did not arrive${error === null ? '' : `: ${words[error] ?? error}`}.${answer}`
}
