import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import { record } from '../events/event.ts'
import { ticketOf } from './attachment.ts'
import { claim, isReadable } from './claiming.ts'
import { contest } from './contest.ts'
import { isReplayable, readAgain } from './replay.ts'
import { askerOpener, linkOpener, newSalt, type Opener, openContent, secretDigest, unwrapKey } from './sealing.ts'
import { findByLink, type SecretRow, wrappedAt } from './secret.ts'
import { takeTry } from './tries.ts'

/** What a reader brings beside the link; `replay` is an Idempotency-Key. */
export type Brought = { passphrase?: string | undefined; replay?: string | undefined }

/** A secret that was read: now, or by this same request before. */
export type Claimed = {
  content: Buffer
  encryptedBy: 'server' | 'browser'
  file?: { ticket: string; bytes: number }
}

/**
 * Reads a secret, once. Passphrase and keys are proven on the wrapped key, without the text; then one conditional statement
 * claims it; only then is the text decrypted. So a wrong passphrase or a missing key uses nothing up, and of all who race
 * one gets it. An actor with a project reads in that project only.
 * Refuses UNKNOWN_SECRET, PASSPHRASE_REQUIRED, WRONG_PASSPHRASE, KEY_MISSING, and RATE_LIMITED.
 */
export async function claimSecret(ctx: Ctx, secretKey: string, brought: Brought = {}): Promise<Claimed> {
  const { world, actor } = ctx
  const { passphrase, replay } = brought
  const digest = secretDigest(world, secretKey)
  const find = async () => {
    const found = await findByLink(world.db.sql, digest)
    return found && 'projectId' in actor && actor.projectId !== found.project_id ? undefined : found
  }

  let row = await find()
  // Whatever brings a passphrase is a guess, whether or not there is such a link; but not where nothing can be guessed: at a
  // secret without one, which nobody must be able to lock, and at a repetition, which opens with its Idempotency-Key only.
  const repeats = row !== undefined && replay !== undefined && isReplayable(row)
  const guesses = passphrase !== undefined && !repeats && !(row && isReadable(row) && !row.passphrase)
  const left = guesses ? await takeTry(ctx, digest) : 0
  if (row && isReadable(row) && row.passphrase && passphrase === undefined) refuse('PASSPHRASE_REQUIRED')
  // Where there is nothing to open, a passphrase takes as long as a wrong one.
  if (guesses && !row?.passphrase)
    await linkOpener({ id: '', projectId: '' }, secretKey, { passphrase, salt: newSalt() })
  if (!row) return refuse('UNKNOWN_SECRET')
  const opener = await openerOf(row, secretKey, passphrase)

  // Again when a rotation sealed the row anew between the look and the claim.
  for (let round = 0; row && isReadable(row) && round < 3; round++) {
    const at = wrappedAt(row)
    const dataKey = await unwrapKey(world, at, 'data_key', opener, row.data_key).catch((fault: unknown) => ({ fault }))
    if (dataKey && 'fault' in dataKey) {
      // Its epoch went because somebody was first, or a key is missing here.
      row = await find()
      if (row && isReadable(row)) throw dataKey.fault
      break
    }
    if (!dataKey) return wrongPassphrase(ctx, row, left)
    const sealed = await claim(ctx, row, { opener, dataKey, replay })
    if (sealed) return asClaimed(row, dataKey, openContent(at, dataKey, sealed))
    row = await find()
  }
  const again = row && replay !== undefined ? await readAgain(ctx, row, opener, replay) : undefined
  if (row && again) {
    ctx.notes.replayed = true
    return asClaimed(row, again.dataKey, again.content)
  }
  if (row?.state === 'received') await contest(ctx, row)
  return refuse('UNKNOWN_SECRET')
}

async function openerOf(row: SecretRow, secretKey: string, passphrase: string | undefined): Promise<Opener> {
  const at = wrappedAt(row)
  if (row.ephemeral) return askerOpener(at, secretKey, row.ephemeral)
  return linkOpener(at, secretKey, row.salt && passphrase !== undefined ? { passphrase, salt: row.salt } : undefined)
}

const asClaimed = (row: SecretRow, dataKey: Buffer, content: Buffer): Claimed => ({
  content,
  encryptedBy: row.encrypted_by,
  ...(row.file_bytes === null ? {} : { file: { ticket: ticketOf(dataKey), bytes: row.file_bytes } }),
})

async function wrongPassphrase(ctx: Ctx, row: SecretRow, left: number): Promise<never> {
  if (!row.passphrase) throw new Error('A link does not open its own secret.')
  await record(ctx.world.db.sql, ctx, {
    name: 'secret.passphrase_failed',
    projectId: row.project_id,
    target: `secret:${row.id}`,
    payload: { secret_id: row.id },
  })
  return refuse('WRONG_PASSPHRASE', { details: { tries_left: left } })
}
