/** Why something did not arrive, in words; a code that is not here is said as it is. */
const words: Readonly<Record<string, string>> = {
  STATUS: 'it answered that it did not take it',
  INVALID_URL: 'its address is no URL that anything is sent to',
  NOT_HTTPS: 'only https is sent to; an operator can allow more with OUTBOUND_ALLOW',
  PORT_NOT_ALLOWED: 'its port is not allowed; 443 is, and all from 1024 on',
  ADDRESS_NOT_ALLOWED: 'its address is not public; an operator can allow it with OUTBOUND_ALLOW',
  NAME_NOT_FOUND: 'there is no such host',
  UNREACHABLE: 'it cannot be reached',
  REFUSED: 'it refused the connection',
  BROKEN: 'the connection broke',
  TLS: 'its certificate is not trusted',
  BAD_REPLY: 'its answer is no HTTP',
  TIMEOUT: 'it did not answer in time',
  DISABLED: 'it was switched off',
  EVENT_GONE: 'the event is not kept any more',
  MAIL_OFF: 'this instance sends no mail',
  KEY_MISSING: 'the key that it is sealed under is not here',
  INTERNAL: 'something broke here',
}

/** A reason in words. */
export const whyOf = (code: string): string => words[code] ?? code

type Came = { delivered: boolean; status: number | null; error: string | null }

/** What came of a test, in one sentence. */
export function cameOf({ delivered, status, error }: Came): string {
  const answer = status === null ? '' : ` It answered ${status}.`
  if (delivered) return `It arrived.${answer}`
  const why = error === null || (error === 'STATUS' && status !== null) ? '' : `: ${whyOf(error)}`
  return `It did not arrive${why}.${answer}`
}

/** What came of one try, in a few words: "Taken", "Answered 500", "it did not answer in time". */
export function tryOf({ status, error }: Omit<Came, 'delivered'>): string {
  if (error === null) return 'Taken'
  if (error === 'STATUS' && status !== null) return `Answered ${status}`
  const why = whyOf(error)
  return why.charAt(0).toUpperCase() + why.slice(1)
}
