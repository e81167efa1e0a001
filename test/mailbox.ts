import { setTimeout as sleep } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { afterAll } from 'vitest'
import { freePort } from './port.ts'

/** A mail as it came over the wire. */
export type Received = {
  from: string
  to: string[]
  raw: string
  /** A header, unfolded and decoded; undefined when it is not there. */
  header(name: string): string | undefined
  /** The decoded parts. */
  text: string
  html: string
  /** Every link of the text part and every `href` of the HTML part. */
  links: { text: string[]; html: string[] }
}

type Step = 'RCPT' | 'DATA'

/** A mail server on loopback that keeps what it gets. Its `url` is an SMTP_URL. Closed when the file ends. */
export type Mailbox = {
  url: string
  mails: Received[]
  /** How many mails were offered, the refused ones too. */
  offered(): number
  /** Waits until so many mails are there, at most `ms`. */
  arrived(count: number, ms?: number): Promise<Received[]>
  /** Answers every mail from now on with this code; none: takes them again. */
  refuse(code?: number, step?: Step): void
  /** Keeps every mail waiting for its answer until the promise is done. */
  hold(until: Promise<unknown>): void
  /** Stops listening and cuts what is open; `open` listens at the same port again. */
  close(): Promise<void>
  open(): Promise<void>
}

export async function mailbox(): Promise<Mailbox> {
  const port = await freePort()
  const mails: Received[] = []
  let offered = 0
  let refusal: { code: number; step: Step } | undefined
  let held: Promise<unknown> = Promise.resolve()
  let server: SMTPServer | undefined

  const refusalAt = (step: Step, address: string) =>
    refusal?.step === step
      ? Object.assign(new Error(`<${address}> is not wanted`), { responseCode: refusal.code })
      : undefined

  const open = () =>
    new Promise<void>((resolve) => {
      server = new SMTPServer({
        disabledCommands: ['AUTH', 'STARTTLS'],
        closeTimeout: 1,
        onRcptTo({ address }, _session, done) {
          if (refusal?.step === 'RCPT') offered++
          done(refusalAt('RCPT', address))
        },
        onData(stream, { envelope }, done) {
          offered++
          const chunks: Buffer[] = []
          stream.on('data', (chunk: Buffer) => chunks.push(chunk))
          stream.on('end', async () => {
            const to = envelope.rcptTo.map(({ address }) => address)
            const fault = refusalAt('DATA', to[0] ?? '')
            await held
            if (fault) return done(fault)
            const from = envelope.mailFrom ? envelope.mailFrom.address : ''
            mails.push(read(Buffer.concat(chunks).toString('utf8'), from, to))
            done()
          })
        },
      })
      // A client that is killed resets its connection.
      server.on('error', () => undefined)
      server.listen(port, '127.0.0.1', resolve)
    })
  const close = () => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
  await open()
  afterAll(close)
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    offered: () => offered,
    async arrived(count, ms = 20_000) {
      for (const end = performance.now() + ms; mails.length < count; await sleep(10))
        if (performance.now() > end) throw new Error(`Only ${mails.length} of ${count} mails arrived.`)
      return mails
    },
    refuse(code, step = 'DATA') {
      refusal = code === undefined ? undefined : { code, step }
    },
    hold(until) {
      held = until
    },
    close,
    open,
  }
}

/** Quoted-printable (RFC 2045) as bytes. */
function unquote(text: string): Buffer {
  const bytes = text
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}

function decoded(body: string, encoding = ''): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8')
  return /quoted-printable/i.test(encoding) ? unquote(body).toString('utf8') : body
}

/** Encoded words (RFC 2047) of a header. */
const decodedWords = (line: string) =>
  line
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      /b/i.test(kind) ? Buffer.from(text, 'base64').toString() : unquote(text.replaceAll('_', ' ')).toString(),
    )

function headerOf(head: string, name: string): string | undefined {
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  const found = lines.find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  return found === undefined ? undefined : decodedWords(found.slice(name.length + 1).trim())
}

const split = (raw: string): [string, string] => {
  const at = raw.search(/\r?\n\r?\n/)
  return [raw.slice(0, at), raw.slice(at).replace(/^\r?\n\r?\n/, '')]
}

function partOf(raw: string, type: string): string {
  const [head, body] = split(raw)
  const boundary = /boundary="?([^";\s]+)/i.exec(headerOf(head, 'content-type') ?? '')?.[1]
  const parts = boundary === undefined ? [raw] : body.split(`--${boundary}`).map((part) => part.replace(/^\r?\n/, ''))
  for (const part of parts) {
    const [inner, content] = split(part)
    if (headerOf(inner, 'content-type')?.startsWith(type))
      return decoded(content, headerOf(inner, 'content-transfer-encoding'))
  }
  throw new Error(`The mail has no part ${type}.`)
}

function read(raw: string, from: string, to: string[]): Received {
  const [head] = split(raw)
  const [text, html] = [partOf(raw, 'text/plain'), partOf(raw, 'text/html')]
  return {
    from,
    to,
    raw,
    header: (name) => headerOf(head, name),
    text,
    html,
    links: {
      text: text.match(/https?:\/\/[^\s<>"]+/g) ?? [],
      html: [...html.matchAll(/href="([^"]+)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&')),
    },
  }
}
