import type { Page } from 'playwright-core'
import type { KeyActor, PersonActor } from '../../server/context.ts'
import type { World } from '../../server/world.ts'
import {
  asFragment,
  type Note,
  newAskKeys,
  newKey,
  sealedLength,
  sealFile,
  sealFor,
  sealNote,
} from '../../web/parts/seal.ts'
import { as, asVisitor } from '../as.ts'
import { shareSecret } from '../secrets.ts'

type Wish = Parameters<typeof shareSecret>[2]

/** A secret, with its two links as paths. */
export async function shareLinks(world: World, actor: KeyActor | PersonActor, wish: Wish = {}) {
  const made = await shareSecret(world, actor, wish)
  return { ...made, path: `/s/${made.secret_key}`, receipt: `/private/${made.metadata_key}` }
}

/** A secret that a browser encrypted: `path` has its key behind #, `bare` has not. */
export async function shareSealed(world: World, actor: KeyActor, note: Note, wish: Wish = {}) {
  const key = newKey()
  const made = await shareLinks(world, actor, { secret: await sealNote(key, note), encrypted_by: 'browser', ...wish })
  return { ...made, key, bare: made.path, path: `${made.path}#${await asFragment(key)}` }
}

/** A browser-encrypted secret with a file, which `send` uploads as a page does. */
export async function shareFile(
  url: string,
  world: World,
  actor: KeyActor,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
) {
  const note = { text: 'the file', file: { name, type: 'text/html', bytes: bytes.length } }
  const made = await shareSealed(world, actor, note, { file_bytes: sealedLength(bytes.length) })
  const send = async () => {
    const body = await sealFile(made.key, new Blob([bytes]))
    const headers = { 'content-type': 'application/octet-stream' }
    const reply = await fetch(`${url}/v1/link/uploads/${made.upload}`, { method: 'PUT', headers, body })
    if (!reply.ok) throw new Error(`The upload answered ${reply.status}.`)
  }
  return { ...made, send }
}

type Asked = Parameters<ReturnType<typeof as>['asks']['create']>[0]

/** An ask: the link to send and the one to keep, as paths. */
export async function askFor(world: World, actor: KeyActor, wish: Partial<Asked> = {}) {
  const made = await as(world, actor).asks.create({ title: 'The API token of the staging account', ...wish })
  const token = made.url.slice(-26)
  const { asks, secrets } = asVisitor(world)
  return {
    ask_id: made.ask_id,
    path: `/r/${token}`,
    kept: `/s/${made.answer_key}`,
    open: () => asks.open({ token }),
    answer: (secret: string) => asks.answer({ token, secret }),
    read: () => secrets.reveal({ secret_key: made.answer_key }),
  }
}

/** An ask whose answer a browser encrypts: both paths have their halves behind #, `bare` has not. */
export async function askSealed(world: World, actor: KeyActor, wish: Partial<Asked> = {}) {
  const { publicHalf, privateHalf } = await newAskKeys()
  const made = await askFor(world, actor, { encrypted_by: 'browser', ...wish })
  return {
    ...made,
    bare: made.path,
    path: `${made.path}#${await asFragment(publicHalf)}`,
    kept: `${made.kept}#${await asFragment(privateHalf)}`,
    answerSealed: async (text: string) => made.answer(await sealFor(publicHalf, { text })),
  }
}

/** What a page sent that could change something. */
export function posts(page: Page): string[] {
  const sent: string[] = []
  page.on('request', (request) => void (request.method() !== 'GET' && sent.push(request.postData() ?? '')))
  return sent
}

/** Everything of a page that outlives what it shows. */
export const traces = (page: Page) =>
  page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      [...document.querySelectorAll('input, textarea')].map((each) => (each as HTMLInputElement).value),
      { ...localStorage },
      { ...sessionStorage },
      document.title,
      document.cookie,
      location.href,
      history.state,
    ]),
  )
