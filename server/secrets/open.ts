import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx } from '../context.ts'
import type { Verb } from '../verb.ts'
import { secretDigest } from './sealing.ts'
import { findByLink, isOpen, type SecretRow } from './secret.ts'
import { triesLeft } from './tries.ts'

type Opened = z.input<typeof contract.secrets.open.output>

/** Shows where the secret behind a link stands, also while it is only asked for. Changes nothing and takes no try. */
export const open: Verb<typeof contract.secrets.open> = async (ctx, { secret_key }) => {
  const digest = secretDigest(ctx.world, secret_key)
  const row = await findByLink(ctx.world.db.sql, digest)
  return row ? shown(ctx, row, digest) : ((await asked(ctx, digest)) ?? refuse('UNKNOWN_SECRET'))
}

async function shown(ctx: Ctx, row: SecretRow, digest: Buffer): Promise<Opened> {
  const waits = isOpen(row)
  const who = await ctx.signedIn?.()
  return {
    status: statusOf(row),
    encrypted_by: row.encrypted_by,
    needs_passphrase: waits && row.passphrase,
    tries_left: waits && row.passphrase ? await triesLeft(ctx, digest) : null,
    file: row.file_bytes !== null,
    made_by_you: who !== undefined && row.created_by.type === 'person' && row.created_by.id === who.id,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    server_time: row.now.toISOString(),
  }
}

/** A secret whose file has not arrived is not there yet either. */
function statusOf({ state, upload_digest }: SecretRow): Opened['status'] {
  if (state !== 'new' && state !== 'viewed') return state
  return upload_digest === null ? 'waiting' : 'asked'
}

type AskRow = {
  status: 'open' | 'answered' | 'cancelled' | 'expired'
  encrypted_by: 'server' | 'browser'
  created_at: Date
  expires_at: Date
  ended_at: Date | null
  now: Date
}

/** An ask whose answer the link will open; one that was answered is there as a secret, until that is gone. */
async function asked({ world }: Ctx, digest: Buffer): Promise<Opened | undefined> {
  const { sql } = world.db
  const [ask] = await sql<AskRow[]>`
    select case when status = 'open' and expires_at <= now() then 'expired' else status end as status,
      encrypted_by, created_at, expires_at, case when status = 'open' and expires_at <= now() then expires_at else ended_at end
        as ended_at, now()
    from asks where answer_digest = ${digest} and status <> 'answered'`
  if (!ask || ask.status === 'answered') return undefined
  return {
    status: ({ open: 'asked', cancelled: 'burned', expired: 'expired' } as const)[ask.status],
    encrypted_by: ask.encrypted_by,
    needs_passphrase: false,
    tries_left: null,
    file: false,
    made_by_you: false,
    created_at: ask.created_at.toISOString(),
    expires_at: ask.expires_at.toISOString(),
    ended_at: ask.ended_at?.toISOString() ?? null,
    server_time: ask.now.toISOString(),
  }
}
