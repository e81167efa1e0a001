import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import type { Ctx, Visitor } from '../context.ts'
import type { Verb } from '../verb.ts'
import { waitFor } from '../wait.ts'
import { type ApprovalRow, attemptsLeft, findByLink, linkDigest, needsOf, progressOf, topicOf } from './approval.ts'
import { makeCsrf, visitDigest } from './csrf.ts'
import { type Holder, holderOf, isHidden, whyNotByLink } from './holder.ts'
import { passkeysOf } from './passkey.ts'
import { shownRelease } from './releasing.ts'
import { countDeciders } from './right.ts'

type Opened = z.input<typeof contract.approvals.open.output>

/** Shows what a link's holder is asked. Changes nothing, however often and by whatever it is read. */
export const open: Verb<typeof contract.approvals.open> = async (ctx, input) => {
  const { sql } = ctx.world.db
  const digest = linkDigest(ctx.world, input.token)
  const found = await findByLink(sql, digest)
  if (!found) return refuse('NOT_FOUND', { sentence: 'There is no approval behind this link.' })
  if (input.wait === undefined || found.status !== 'pending') return show(ctx, digest, found)
  // People of the project see who has agreed, so that what changes there ends their wait too.
  const shows = found.groups !== null && (await holderOf(ctx, found.project_id)).member !== undefined
  const atArrival = JSON.stringify(found.votes)
  const seen = await waitFor(
    ctx,
    topicOf(found.id),
    input.wait,
    () => findByLink(sql, digest),
    (row) => row?.status !== 'pending' || (shows && JSON.stringify(row.votes) !== atArrival),
  )
  return seen ? show(ctx, digest, seen) : refuse('NOT_FOUND', { sentence: 'There is no approval behind this link.' })
}

async function show(ctx: Ctx<Visitor>, digest: Uint8Array, row: ApprovalRow): Promise<Opened> {
  const holder = await holderOf(ctx, row.project_id)
  const visit = ctx.visit ?? ''
  const signed_in_as = signedInAs(row, holder)
  const mayProve = row.passkey && row.status === 'pending' && signed_in_as?.may_decide === true
  const asks = row.link === 'signed_in' && row.status === 'pending' && holder.member !== undefined
  return {
    status: row.status,
    project: row.project,
    ...(isHidden(row, holder) ? hidden : asked(row)),
    requested_by: { name: row.created_by.name, type: row.created_by.type },
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    server_time: row.now.toISOString(),
    needs: {
      ...needsOf(row),
      sign_in: row.link === 'signed_in',
    },
    attempts_left: attemptsLeft(row),
    signed_in_as:
      signed_in_as && mayProve && holder.who
        ? { ...signed_in_as, passkeys: await passkeysOf(ctx.world.db.sql, holder.who.id) }
        : signed_in_as,
    deciders: asks ? { named: row.approvers, count: await countDeciders(ctx.world.db.sql, row.id) } : undefined,
    progress: holder.member ? progressOf(row) : null,
    release: isHidden(row, holder) ? null : shownRelease(row),
    csrf_token: makeCsrf(ctx.world, visit, digest),
    action_hash: row.action_hash,
    outcome: row.ended_at ? outcomeOf(row, row.ended_at, holder, visitDigest(ctx.world, visit)) : undefined,
  }
}

/** What is asked, as far as a stranger may see it when the link asks for sign-in: nothing. */
const hidden: Pick<Opened, 'key_path' | 'info' | 'ref_id' | 'payload' | 'actions'> = {
  key_path: null,
  info: null,
  ref_id: null,
  payload: null,
  actions: [],
}

const asked = (row: ApprovalRow): typeof hidden => ({
  key_path: row.key_path,
  info: row.info,
  ref_id: row.ref_id,
  payload: row.payload,
  actions: row.actions.map(({ value: _, ...action }) => action),
})

/** Who is signed in, where that matters: always when the link asks for it, and when the decision would carry their name. */
function signedInAs(row: ApprovalRow, holder: Holder): Opened['signed_in_as'] {
  if (!holder.who || (row.link === 'bearer' && !holder.member)) return undefined
  const why = whyNotByLink(row, holder)
  const { id, name } = holder.who
  const vote = row.votes?.find((one) => one.person_id === id)?.action ?? null
  return { name, may_decide: why === undefined, ...(why === undefined ? {} : { why_not: why }), vote }
}

/** How it ended. Who decided by name is told to people of the project only. */
function outcomeOf(row: ApprovalRow, endedAt: Date, holder: Holder, visit: Buffer): Opened['outcome'] {
  const shown = isHidden(row, holder) ? undefined : row
  const chosen = shown?.actions.find((action) => action.key === row.decided_action)
  const named = row.ended_by?.type === 'person' && holder.who ? row.ended_by.id : undefined
  const sameBrowser = row.decided_visit !== null && visit.equals(row.decided_visit)
  const agreed = row.votes?.some((one) => one.person_id === holder.who?.id && one.action === row.decided_action)
  return {
    at: endedAt.toISOString(),
    action: chosen ? { key: chosen.key, label: chosen.label, style: chosen.style } : null,
    comment: shown?.decision_comment ?? null,
    by: holder.member && row.ended_by?.type === 'person' ? row.ended_by.name : null,
    by_you: row.status === 'executed' && (agreed || (named === undefined ? sameBrowser : named === holder.who?.id)),
    reported: row.reported,
  }
}
