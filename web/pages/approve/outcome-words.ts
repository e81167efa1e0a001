import { visible } from '../../../shared/visible.ts'
import type { Opened } from './reading.ts'

export type Told = {
  tone: 'ok' | 'quiet' | 'warn'
  /** Neutral: it stands in tabs and histories, so it never holds a caller's words. */
  title: string
  headline: string
  happened: string
  next: string
}

/**
 * The end of an approval in words: what happened, and the next step. The time is drawn beside it. `here`: what the
 * server took from this very page; of reports it does not say whose they were.
 */
export function tellOutcome(approval: Opened, here: { answered: boolean; reported: boolean }): Told {
  const requester = visible(approval.requested_by.name)
  const label = approval.outcome?.action ? `“${visible(approval.outcome.action.label)}”` : 'an action'
  const by = approval.outcome?.by ? visible(approval.outcome.by) : undefined
  const ask = `If the decision is still needed, ask ${requester} for a new link.`
  if (approval.status === 'executed')
    return approval.outcome?.by_you || here.answered
      ? {
          tone: 'ok',
          title: 'Answered',
          headline: `You answered ${label}`,
          happened: 'Your answer is recorded, and whoever asked sees it now.',
          next: 'Nothing is left to do. You can close this page; the link does nothing more.',
        }
      : {
          tone: 'quiet',
          title: 'Answered',
          headline: approval.key_path === null ? 'Already answered' : `Already answered: ${label}`,
          happened: answeredBy(approval, by),
          next: `Nothing is left to do. If that surprises you, tell ${requester}.`,
        }
  if (approval.status === 'locked')
    return {
      tone: 'warn',
      title: 'Locked',
      headline: 'Locked after five wrong attempts',
      happened: 'Nothing was decided, and this link can no longer be used.',
      next: `Check with ${requester} who sent the link and what its PIN or number is, and ask for a new one.`,
    }
  if (approval.status === 'expired')
    return {
      tone: 'quiet',
      title: 'Expired',
      headline: 'This request has expired',
      happened: 'Nobody answered in time. Nothing was decided.',
      next: ask,
    }
  if (approval.outcome?.reported)
    return {
      tone: 'warn',
      title: 'Reported',
      headline: here.reported ? 'You reported this request' : 'This request was reported',
      happened: 'It was not expected. Nothing was decided, and nobody can use this link any more.',
      next: 'The project sees the report. If you know who is responsible for it, tell them as well.',
    }
  return {
    tone: 'quiet',
    title: 'Withdrawn',
    headline: 'This request was withdrawn',
    happened: 'Whoever asked no longer needs the decision. Nothing was decided.',
    next: `Nothing is left to do. ${ask}`,
  }
}

/** Who answered first, as far as this visitor is told. */
function answeredBy(approval: Opened, by: string | undefined): string {
  if (by !== undefined) return `${by} answered.`
  if (approval.key_path === null) return 'Somebody of the project answered. Sign in to see what.'
  return 'Someone else who has this link, or another browser of yours, answered first.'
}
