import { refuse } from '../../shared/errors.ts'
import type { Ctx, PersonActor, SignedIn, Visitor } from '../context.ts'
import type { ApprovalRow } from './approval.ts'
import { whyNot } from './right.ts'

/** Who holds a link: whoever it is, and, where they are signed in, who that is and what they are in the approval's project. */
export type Holder = { who: SignedIn | undefined; member: PersonActor | undefined }

export const nobody: Holder = { who: undefined, member: undefined }

/** Reads who is signed in where the link is opened. Only pages know: REST has no sessions. */
export async function holderOf(ctx: Ctx<Visitor>, projectId: string): Promise<Holder> {
  const who = await ctx.signedIn?.()
  return who ? { who, member: await ctx.memberOf?.(who, projectId) } : nobody
}

/** True when an approval's link alone shows nothing of what is asked to this holder. */
export const isHidden = (row: Pick<ApprovalRow, 'link'>, { member }: Holder): boolean =>
  row.link === 'signed_in' && member === undefined

/** Why a holder may not decide; undefined when they may. A plain link is decided by whoever holds it (seed 0). */
export function whyNotByLink(row: ApprovalRow, { member }: Holder): string | undefined {
  if (row.link === 'bearer') return undefined
  return member ? whyNot(member, row) : 'You do not belong to the project that this is asked in.'
}

/** Refuses a holder who may not decide, or end, what the link asks. */
export function mustBeRightful(row: ApprovalRow, holder: Holder): void {
  if (row.link === 'signed_in' && !holder.who) refuse('SIGN_IN_TO_DECIDE')
  const sentence = whyNotByLink(row, holder)
  if (sentence !== undefined) refuse('NOT_AN_APPROVER', { sentence })
}

/**
 * The context of what a holder does: a member of the project who is signed in is recorded by name, on a plain link too,
 * because that says more than "link holder".
 */
export const asHolder = (ctx: Ctx<Visitor>, { member }: Holder): Ctx<Visitor | PersonActor> =>
  member ? { ...ctx, actor: member } : ctx
