import type { KeyActor } from '../../server/context.ts'
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

type Shared = Parameters<ReturnType<typeof as>['secrets']['share']>[0]

/** A secret, with the parts of its links. */
export async function shareSecret(world: World, actor: KeyActor, wish: Partial<Shared> = {}) {
  const made = await as(world, actor).secrets.share({ secret: 'correct horse battery staple', ...wish })
  if (!made.secret_key || !made.metadata_key) throw new Error('The secret came without its keys.')
  const { secret_key, metadata_key, upload } = made
  return { secret_key, metadata_key, upload, path: `/s/${secret_key}`, receipt: `/private/${metadata_key}` }
}

/** A secret that a browser encrypted; `path` has its key behind #. */
export async function shareSealed(world: World, actor: KeyActor, note: Note, wish: Partial<Shared> = {}) {
  const key = newKey()
  const made = await shareSecret(world, actor, {
    secret: await sealNote(key, note),
    encrypted_by: 'browser',
    ...wish,
  })
  return { ...made, key, bare: made.path, path: `${made.path}#${await asFragment(key)}` }
}

/** A browser-encrypted secret with a file, uploaded over HTTP as a page does it. */
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

/** An ask: the link to send and the link to keep, as paths. */
export async function askFor(world: World, actor: KeyActor, wish: Partial<Asked> = {}) {
  const made = await as(world, actor).asks.create({ title: 'The API token of the staging account', ...wish })
  const token = made.url.slice(-26)
  return {
    ask_id: made.ask_id,
    token,
    answer_key: made.answer_key,
    path: `/r/${token}`,
    kept: `/s/${made.answer_key}`,
    answer: (secret: string) => asVisitor(world).asks.answer({ token, secret }),
  }
}

/** An ask whose answer a browser encrypts; both paths have their halves behind #. */
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
