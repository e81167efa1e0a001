import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/** A message as a service took it; `text` is all that its readers can see of it, `links` all that they can press. */
export type Message = { at: string; body: Record<string, unknown>; raw: string; text: string; links: string[] }

type Reply = { status: number; body?: unknown; headers?: Record<string, string> }
type Json = Record<string, unknown>

/** A refusal of the service, as its documentation names it. */
const no = (status: number, body: unknown): Reply => ({ status, body })

const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {}) // looked at field by field
const asList = (value: unknown): Json[] => (Array.isArray(value) ? value.map(asJson) : [])
const isText = (value: unknown, most: number): value is string =>
  typeof value === 'string' && value.length > 0 && [...value].length <= most

const urlsIn = (text: string) => text.match(/https?:\/\/[^\s<>|")\]]+/g) ?? []

/** Slack’s incoming webhook: what `chat.postMessage` says of blocks and lengths. */
function slack(body: Json): Reply | Message['text'] {
  if (!isText(body.text, 40_000)) return no(400, 'no_text')
  if (body.unfurl_links !== false || body.unfurl_media !== false) return no(400, 'would_unfurl')
  const blocks = asList(body.blocks)
  if (blocks.length > 50) return no(400, 'invalid_blocks')
  const shown: string[] = []
  for (const block of blocks) {
    const { type, text } = asJson(block.text)
    const inside = asList(block.elements)
    const fits =
      (block.type === 'header' && type === 'plain_text' && isText(text, 150)) ||
      (block.type === 'section' && isText(text, 3000)) ||
      (block.type === 'context' &&
        inside.length > 0 &&
        inside.length <= 10 &&
        inside.every((one) => isText(one.text, 2000)))
    if (!fits) return no(400, 'invalid_blocks')
    // Only mrkdwn has markup.
    shown.push(...[asJson(block.text), ...inside].flatMap((one) => (typeof one.text === 'string' ? [one.text] : [])))
  }
  return shown.join('\n')
}

function mattermost(body: Json): Reply | Message['text'] {
  const attachments = asList(body.attachments)
  if (body.text === undefined && attachments.length === 0) return no(400, 'web.incoming_webhook.text.app_error')
  return attachments.map(({ title, title_link, text }) => [title, title_link, text].join('\n')).join('\n')
}

const elements = new Set(['TextBlock', 'RichTextBlock', 'FactSet', 'Container', 'ActionSet'])

/** A Teams workflow that posts a card: 28 KB, version 1.4, elements that it knows. */
function teams(body: Json, raw: string): Reply | Message['text'] {
  if (raw.length > 28_000) return no(413, '')
  const [first] = asList(body.attachments)
  const card = asJson(first?.content)
  if (body.type !== 'message' || first?.contentType !== 'application/vnd.microsoft.card.adaptive') return no(400, '')
  if (card.type !== 'AdaptiveCard' || card.version !== '1.4') return no(400, '')
  const parts = asList(card.body)
  if (parts.some(({ type }) => !elements.has(String(type)))) return no(400, '')
  const runs = parts.flatMap(({ inlines }) => asList(inlines))
  if (runs.some(({ text, type }) => type !== 'TextRun' || !isText(text, 5000))) return no(400, '')
  return [...runs.map(({ text }) => text), ...asList(card.actions).map(({ url }) => url)].join('\n')
}

function discord(body: Json): Reply | Message['text'] {
  if (!isText(body.content, 2000)) return no(400, { code: 50_035 })
  if (JSON.stringify(body.allowed_mentions) !== '{"parse":[]}' || body.flags !== 4) return no(400, { code: 50_035 })
  return body.content
}

function ntfy(body: Json, request: IncomingMessage): Reply | Message['text'] {
  const { topic, message, priority, click, tags, title, sequence_id: sequence } = body
  if (!/^[-\w]{1,64}$/.test(String(topic))) return no(400, { code: 40_009 })
  if (topic === 'private' && request.headers.authorization !== 'Bearer tk_right') return no(403, { code: 40_301 })
  if (typeof message !== 'string' || Buffer.byteLength(message) > 4096) return no(400, { code: 41_301 })
  if (![1, 2, 3, 4, 5].includes(Number(priority)) || !Array.isArray(tags)) return no(400, { code: 40_007 })
  if (sequence !== undefined && !/^[-\w]{1,64}$/.test(String(sequence))) return no(400, { code: 40_049 })
  return [title, message, click].join('\n')
}

/**
 * Slack, Mattermost, Teams, Discord and ntfy on the loopback. They refuse what the real ones refuse: fields that are missing,
 * texts that are too long, tokens that they do not know. Closed when the file ends.
 */
export async function services() {
  const messages: Message[] = []
  const refusals: { at: string; status: number; body: unknown }[] = []
  /** What the next requests are answered in place of the service’s own answer, by path. */
  const instead = new Map<string, Reply[]>()
  const deleted = new Set<string>()
  const holds = new Map<string, Promise<void>>()
  const held = new Map<string, number>()
  let made = 100_000

  function answer(request: IncomingMessage, path: string, body: Json, raw: string): Reply {
    const next = instead.get(path)?.shift()
    if (next) return next
    if (deleted.has(path)) return path.startsWith('/api/') ? no(404, { code: 10_015 }) : no(404, 'no_service')
    const [, edited] = /\/messages\/(\d+)$/.exec(path) ?? []
    const result = path.startsWith('/services/')
      ? slack(body)
      : path.startsWith('/hooks/')
        ? mattermost(body)
        : path.startsWith('/workflows/')
          ? teams(body, raw)
          : path.startsWith('/api/webhooks/')
            ? discord(body)
            : ntfy(body, request)
    if (typeof result !== 'string') return result
    const at = path === '/' ? `/${body.topic}` : path.replace(/\/messages\/\d+$/, '')
    const message = { at, body, raw, text: result, links: urlsIn(result) }
    if (edited !== undefined) {
      const known = messages.findIndex(({ body: { id } }) => id === edited)
      if (known < 0) return no(404, { code: 10_008 })
      messages[known] = { ...message, body: { ...body, id: edited, edited: true } }
      return { status: 200, body: { id: edited } }
    }
    const id = String(++made)
    messages.push({ ...message, body: { ...body, id } })
    if (path.startsWith('/workflows/')) return { status: 202 }
    return { status: 200, body: path.startsWith('/services/') ? 'ok' : { id } }
  }

  const server = createServer(async (request, reply) => {
    let raw = ''
    for await (const chunk of request.setEncoding('utf8')) raw += chunk
    const url = new URL(request.url ?? '/', 'http://service')
    const known = request.method === 'POST' || (request.method === 'PATCH' && /\/messages\/\d+$/.test(url.pathname))
    const wait = request.method === 'POST' ? holds.get(url.pathname) : undefined
    if (wait) held.set(url.pathname, (held.get(url.pathname) ?? 0) + 1)
    await wait
    const sent = known ? answer(request, url.pathname, asJson(JSON.parse(raw)), raw) : no(405, '')
    if (sent.status >= 400) refusals.push({ at: url.pathname, status: sent.status, body: sent.body })
    reply.writeHead(sent.status, { 'content-type': 'application/json', ...sent.headers })
    reply.end(typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body ?? ''))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${port}`
  let places = 0
  return {
    origin,
    messages,
    refusals,
    /** An address of its own of each kind. */
    place(kind: 'slack' | 'mattermost' | 'teams' | 'discord' | 'ntfy'): { address: string; path: string } {
      const n = String(++places).padStart(6, '0')
      const path = {
        slack: `/services/T${n}/B${n}/secretsecretsecret${n}`,
        mattermost: `/hooks/secretsecretsecret${n}`,
        teams: `/workflows/secretsecretsecret${n}`,
        discord: `/api/webhooks/${n}/secretsecretsecret${n}`,
        ntfy: `/topicsecretsecret${n}`,
      }[kind]
      return { address: origin + path, path }
    },
    /** Messages that arrived at an address, in order, as they stand now. */
    at: (path: string) => messages.filter((one) => one.at === path),
    /** Answers the next requests at a path with these; those to ntfy all come to `/`. */
    answer(path: string, ...replies: Reply[]) {
      instead.set(path, [...(instead.get(path) ?? []), ...replies])
    },
    /** Keeps new messages at a path waiting for their answer until the promise is done; how many it has kept. */
    hold: (path: string, until: Promise<void>) => void holds.set(path, until),
    held: (path: string) => held.get(path) ?? 0,
    /** The service knows this address no more. */
    remove: (path: string) => void deleted.add(path),
  }
}
