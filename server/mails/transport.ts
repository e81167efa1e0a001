import type { Transporter } from 'nodemailer'
import type { Config } from '../env.ts'
import { DatabaseAway, within } from '../lib/deadline.ts'

/** Times in ms; a server that lets us wait longer is away. The last one is for a whole mail. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, dnsTimeout: 5000, socketTimeout: 30_000 }
const wholeMail = 60_000

/**
 * The mail server of SMTP_URL, TLS as the URL says: `smtps://` from the first byte, `smtp://` as soon as the server offers
 * it (`?requireTLS=true` insists). Nothing is read from files or other hosts for a mail.
 */
export async function openTransport({ smtpUrl }: Config, more: { pool?: true } = {}): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({
    url: smtpUrl,
    ...patience,
    ...more,
    maxConnections: 2,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  // A pooled connection that breaks while nothing is sent is no fault of anybody's; a listener keeps the process.
  transport.on('error', () => undefined)
  return transport
}

/** One mail as it goes over the wire. `id` and `thread` become Message-ID and References. */
export type Post = { id: string; thread: string | undefined; to: string; subject: string; html: string; text: string }

/** Hands a mail to the server, within a minute. Rejects with what `verdictOf` can judge. */
export async function post(transport: Transporter, { mailFrom, publicUrl }: Config, mail: Post): Promise<void> {
  const host = new URL(publicUrl).hostname
  const sending = transport.sendMail({
    from: mailFrom,
    to: { name: '', address: mail.to },
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    messageId: `<${mail.id}@${host}>`,
    ...(mail.thread === undefined ? {} : { references: `<approval.${mail.thread}@${host}>` }),
    headers: { 'Auto-Submitted': 'auto-generated' },
  })
  await within(wholeMail, sending)
}

type SmtpFault = { code?: unknown; responseCode?: unknown }

/**
 * Why a mail was not taken, without a word of the server's (it repeats addresses): its reply code or the connection's.
 * `forGood`: the server refused this very mail with a 5xx; what it says about our login can be mended by whoever runs us.
 */
export function verdictOf(error: unknown): { code: string; forGood: boolean } {
  if (error instanceof DatabaseAway) return { code: 'ETIMEDOUT', forGood: false } // a deadline of ours
  const { code, responseCode }: SmtpFault = error instanceof Error ? (error as Error & SmtpFault) : {} // nodemailer adds both
  const forGood = typeof responseCode === 'number' && responseCode >= 500 && /^E(ENVELOPE|MESSAGE)$/.test(String(code))
  if (typeof responseCode === 'number') return { code: String(responseCode), forGood }
  return { code: typeof code === 'string' && /^\w{1,32}$/.test(code) ? code : 'unknown', forGood: false }
}

/** Whether the mail server answers and takes our login, within 3 s; otherwise why not. Sends nothing. */
export async function verifyTransport(config: Config): Promise<string | undefined> {
  const transport = await openTransport(config)
  try {
    await within(3000, transport.verify())
    return undefined
  } catch (error) {
    return verdictOf(error).code
  } finally {
    transport.close()
  }
}
