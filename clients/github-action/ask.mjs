// The one step of action.yml: asks a person through Countersign, waits, and tells the workflow. Node alone, nothing to install.
import { createHash, randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const { env } = process
const input = (name) => (env[`INPUT_${name}`] ?? '').trim()
const now = () => performance.now()

/** A stranger's text with what could hide or reorder words shown; line ends stay. */
const visible = (text) =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/(?!\n)[\p{Cc}\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, (found) => {
      return `⟨U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`
    })

/** A workflow command, whose text begins no other line or command. */
function command(name, text) {
  const data = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  process.stdout.write(`::${name}::${data}\n`)
}

/** A line of the log. The runner looks for `::` where a line begins, and for `##[` anywhere. */
const say = (text) =>
  process.stdout.write(`Countersign: ${visible(text).replaceAll('\n', ' ').replaceAll('##[', '## [')}\n`)

/** Sets an output. A delimiter that nobody can guess, so that no text ends it early and sets another. */
function output(name, text) {
  const end = `end-${randomUUID()}`
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `${name}<<${end}\n${text}\n${end}\n`)
}

const html = (text) => visible(text).replace(/[&<>"'\n]/g, (one) => `&#${one.charCodeAt(0)};`)

/**
 * The job's summary: one HTML block, in which Markdown means nothing until an empty line, and no text can bring one. Within
 * `pre` GitHub makes no links and mentions either.
 */
function summarize(title, facts) {
  const rows = Object.entries(facts).filter(([, text]) => text)
  const table = rows.map(([name, text]) => `<tr><th align="left">${name}</th><td><pre>${html(text)}</pre></td></tr>\n`)
  if (env.GITHUB_STEP_SUMMARY)
    appendFileSync(env.GITHUB_STEP_SUMMARY, `### Countersign: ${title}\n\n<table>\n${table.join('')}</table>\n\n`)
}

const secondsPer = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Everything that was wished, or one sentence about what cannot be. */
function wishes() {
  const [url, apiKey, keyPath, timeout] = ['URL', 'API_KEY', 'KEY_PATH', 'TIMEOUT'].map(input)
  if (!apiKey) throw new Error('api-key is empty. Is the secret set? GitHub gives none to pull requests from forks.')
  if (!/^[!-~]+$/.test(apiKey)) throw new Error('api-key is not an API key.')
  if (!/^https?:\/\/[^/?#@\s]+\/*$/.test(url)) throw new Error('url is an origin, as https://sign.example.com.')
  if (!keyPath) throw new Error('key-path is empty.')
  const [, count, unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(timeout) ?? []
  const seconds = Number(count) * secondsPer[unit]
  if (!(seconds >= 10 && seconds <= 2_592_000)) throw new Error('timeout is a number with s, m, h or d, 10s to 30d.')
  const onTimeout = input('ON_TIMEOUT')
  if (!['fail', 'reject', 'continue'].includes(onTimeout)) throw new Error('on-timeout is fail, reject or continue.')
  return { api: `${url.replace(/\/+$/, '')}/v1`, apiKey, timeout, seconds, onTimeout, body: question(keyPath, seconds) }
}

const asUsual = [
  { key: 'approve', value: 'approved', label: 'Approve', style: 'primary' },
  { key: 'reject', value: 'rejected', label: 'Reject', style: 'danger' },
]

function buttons() {
  const [actions, value] = [input('ACTIONS'), input('VALUE')]
  if (actions && value) throw new Error('Give actions or value, not both.')
  if (value) return { value }
  try {
    return { actions: actions ? JSON.parse(actions) : asUsual }
  } catch {
    throw new Error('actions is a JSON list, as [{"key": "go", "value": "yes"}].')
  }
}

/** What is asked. The payload binds the decision to this commit and run; the approver sees it. */
function question(keyPath, seconds) {
  const approvers = input('APPROVERS').match(/[^\s,]+/g)
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env
  return {
    key_path: keyPath,
    ...buttons(),
    ttl_seconds: seconds,
    link: input('LINK'),
    comment: input('COMMENT'),
    info: input('INFO') || undefined,
    ref_id: input('REF_ID') || id,
    approvers: approvers ? [{ any_of: approvers }] : undefined,
    payload: {
      repository,
      ref: env.GITHUB_REF,
      commit: env.GITHUB_SHA,
      workflow: env.GITHUB_WORKFLOW,
      attempt: env.GITHUB_RUN_ATTEMPT,
      started_by: env.GITHUB_TRIGGERING_ACTOR ?? env.GITHUB_ACTOR,
      run: repository && `${server}/${repository}/actions/runs/${id}`,
    },
  }
}

/** The same for every attempt of this step of this job to ask the same, and for nothing else. */
function onceKey(text) {
  const names = ['RUN_ID', 'RUN_ATTEMPT', 'JOB', 'ACTION'].map((name) => env[`GITHUB_${name}`])
  // A workflow that is called twice in a run has the same job twice: what the runner calls the job tells them apart.
  const job = [...names, env.COUNTERSIGN_JOB_INDEX, env.RUNNER_TRACKING_ID, text]
  return `github-${createHash('sha256').update(JSON.stringify(job)).digest('hex')}`
}

/** One request with its whole JSON reply; status 0 when none came. */
async function attempt(url, { ms, signal, ...request }) {
  const end = new AbortController()
  const stop = () => end.abort()
  const timer = setTimeout(stop, ms)
  signal?.addEventListener('abort', stop)
  try {
    const reply = await fetch(url, { ...request, redirect: 'manual', signal: end.signal })
    const text = await reply.text()
    const told = reply.headers.get('retry-after')
    const { status, ok } = reply
    const isJson = reply.headers.get('content-type')?.startsWith('application/json')
    // Something between that answers with a page is no answer.
    if (ok && status !== 204 && !isJson) return { status: 0, body: {} }
    return { status, pause: told === null ? undefined : Number(told) * 1000 || 0, body: isJson ? JSON.parse(text) : {} }
  } catch {
    return { status: 0, body: {} }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

/** Repeats what may be repeated until it is answered. @throws one sentence, for a no, and when it takes longer than `until` */
async function ask(url, { until, ...request }) {
  for (let failed = 0; ; failed++) {
    const came = await attempt(url, request)
    request.signal?.throwIfAborted()
    const { status, pause: told } = came
    if (status >= 200 && status < 300) return came.body
    const passes = status === 0 || status >= 500 || ([409, 429].includes(status) && told !== undefined)
    const pause = (told ?? 0) + Math.min(8000, 250 * 2 ** failed) * (0.5 + Math.random() / 2)
    if (!passes || now() + pause > until) throw new Error(sentenceOf(url, came))
    if (failed === 0) say('no answer from the server yet; asking again.')
    await sleep(pause, undefined, { signal: request.signal })
  }
}

function sentenceOf(url, { status, body }) {
  if (status === 0) return `${new URL(url).origin} could not be reached.`
  const sentence = typeof body.error === 'string' ? body.error : `The server answered ${status}.`
  return typeof body.request_id === 'string' ? `${sentence} (request ${body.request_id})` : sentence
}

/** Waits until it is decided, over dropped connections and restarted servers: the server keeps all state. */
async function decided(url, request) {
  while (now() < request.until) {
    const began = now()
    const approval = await ask(url, request)
    if (approval.status !== 'pending') return approval
    // A server that is about to stop answers at once.
    if (now() - began < 500) await sleep(500 + 500 * Math.random(), undefined, { signal: request.signal })
  }
  throw new Error('The server did not say in time how it ended.')
}

const isRejection = ({ key, style }) => style === 'danger' || /^(reject|deny)$/i.test(key)

function outcomeOf({ status, actions, decision }) {
  if (status !== 'executed') return status
  const chosen = actions.find(({ key }) => key === decision.action)
  return chosen && !isRejection(chosen) ? 'approved' : 'rejected'
}

/** Exit code and words of each end, as `countersign approve` has them. Time-up is no no. */
const ends = {
  approved: { code: 0, title: 'approved' },
  rejected: { code: 3, title: 'rejected' },
  expired: { code: 4, title: 'time is up, nobody decided' },
  invalidated: { code: 5, title: 'taken back before anybody decided' },
  locked: { code: 5, title: 'locked after wrong attempts' },
  cancelled: { code: 130, title: 'the job was cancelled' },
}

/** Tells log, outputs and summary how it ended. Returns the exit code. */
function conclude(approval, { body, timeout, onTimeout }) {
  const { decision, ended_by: endedBy, actions = [] } = approval
  const outcome = outcomeOf(approval)
  const { title, code } = ends[outcome]
  const [goOn, asReject] = ['continue', 'reject'].map((way) => outcome === 'expired' && onTimeout === way)
  const value = decision?.value ?? (asReject ? (actions.find(isRejection)?.value ?? 'rejected') : '')
  const actor = decision?.decided_by.name ?? (outcome === 'expired' ? '' : (endedBy?.name ?? ''))
  const comment = decision?.comment ?? ''
  for (const [name, text] of Object.entries({ outcome, decision: value, actor, comment })) output(name, text)
  const facts = { Value: body.key_path, Decision: decision?.value, By: actor, Comment: comment, Asked: body.info }
  summarize(title, { ...facts, 'Time to decide': timeout, Approval: approval.approval_id })
  const by = actor ? ` by ${actor}` : ''
  const sentence = visible(`${body.key_path}: ${title}${by}${comment ? `: ${comment}` : '.'}`)
  if (outcome === 'approved') say(sentence)
  else command(goOn ? 'warning' : 'error', sentence)
  if (goOn) return 0
  return asReject ? ends.rejected.code : code
}

/** Takes it back, so that nobody decides what nobody waits for. The runner kills ten seconds after it asked to stop. */
async function withdraw(url, headers) {
  const request = { method: 'POST', headers, ms: 4000, until: now() + 6000 }
  const warn = ({ message }) => command('warning', `It was not taken back: ${message}`)
  await ask(`${url}/invalidate`, request).catch(warn)
}

async function main() {
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopped.abort())
  if (input('API_KEY')) command('add-mask', input('API_KEY'))
  const wish = wishes()
  const { api, apiKey, seconds, body } = wish
  const headers = { authorization: `Bearer ${apiKey}` }
  const text = JSON.stringify(body)
  // Not stopped by a cancelled job: what was made must be known to be taken back.
  const once = { ...headers, 'content-type': 'application/json', 'idempotency-key': onceKey(text) }
  const until = now() + Math.min(seconds, 120) * 1000
  const asked = await ask(`${api}/approvals`, { method: 'POST', headers: once, body: text, ms: 30_000, until })
  const { approval_id: id, url, expires_at: expiresAt } = asked
  output('approval-id', id)
  if (body.link === 'bearer') command('warning', 'link is bearer: everybody who reads this log can decide.')
  say(`waiting for a decision until ${expiresAt}: ${url}`)
  const one = `${api}/approvals/${encodeURIComponent(id)}`
  const request = { headers, ms: 80_000, signal: stopped.signal }
  try {
    stopped.signal.throwIfAborted()
    return conclude(await decided(`${one}?wait=50`, { ...request, until: now() + (seconds + 60) * 1000 }), wish)
  } catch (error) {
    if (!stopped.signal.aborted) throw error
    await withdraw(one, headers)
    return conclude({ approval_id: id, status: 'cancelled' }, wish)
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  output('outcome', 'error')
  command('error', visible(error.message))
  process.exitCode = 1
}
