import type { EventPayload } from '../../shared/events.ts'
import type { Sql } from '../lib/driver/connect.ts'
import { asTime } from '../mails/letters/words.ts'
import type { ToldEvent } from '../outbox/told.ts'
import { line, lines } from './plain.ts'
import { type Told, toldOf } from './subject.ts'

/** A message in plain words, before any service's format. What others wrote is cut and shows what is hidden in it. */
export type Notice = {
  title: string
  sentence: string
  facts: readonly (readonly [name: string, value: string])[]
  /** What the requester wrote for the approver. */
  quote: string | null
  link: { label: string; url: string }
  tone: 'waiting' | 'yes' | 'no' | 'alarm' | 'over'
  /** Until when there is something to decide; null: never. */
  expiresAt: string | null
  /** Messages about one of these belong together; null: it stands alone. */
  approvalId: string | null
  /** `first`: asks for a decision. `last`: there is nothing to decide any more. */
  place: 'first' | 'between' | 'last'
}

type Say = Pick<Notice, 'title' | 'sentence' | 'tone' | 'place'>

/** Who did it: whoever decides by a link has no name. */
const whoOf = ({ actor }: ToldEvent): string =>
  actor.type === 'visitor' ? 'Whoever held the link' : line(actor.name, 100)

const attemptsLeft = ({ payload }: ToldEvent): number => (payload as EventPayload<'approval.pin_failed'>).attempts_left // the event's own schema

/** What is said of each event of an approval or a permission request; nothing of those that nobody needs to be called for. */
const says: Readonly<Record<string, (about: Told, event: ToldEvent) => Say>> = {
  'approval.created': ({ what, asker }) => ({
    title: `Approval needed: ${what}`,
    sentence: `${asker} asks for a decision.`,
    tone: 'waiting',
    place: 'first',
  }),
  'permission.requested': ({ what, asker }) => ({
    title: `Permission needed: ${what}`,
    sentence: `${asker} asks before it acts.`,
    tone: 'waiting',
    place: 'first',
  }),
  'approval.executed': ({ what, label, danger }, event) => ({
    title: `Decided: ${what}`,
    sentence: `${whoOf(event)} chose “${label}”.`,
    tone: danger ? 'no' : 'yes',
    place: 'last',
  }),
  'approval.expired': ({ what }) => ({
    title: `Expired: ${what}`,
    sentence: 'Nobody decided in time.',
    tone: 'over',
    place: 'last',
  }),
  'approval.invalidated': ({ what }, event) => ({
    title: `Withdrawn: ${what}`,
    sentence: `${whoOf(event)} ended it; there is nothing to decide any more.`,
    tone: 'over',
    place: 'last',
  }),
  'approval.reported': ({ what }, event) => ({
    title: `Reported: ${what}`,
    sentence: `${whoOf(event)} did not expect this request, so it was ended. Find out who asked.`,
    tone: 'alarm',
    place: 'last',
  }),
  'approval.pin_failed': ({ what }, event) => ({
    title: `Wrong PIN or number: ${what}`,
    sentence: `Attempts left: ${attemptsLeft(event)}.`,
    tone: 'alarm',
    place: 'between',
  }),
  'approval.locked': ({ what }) => ({
    title: `Locked: ${what}`,
    sentence: 'A PIN or number was wrong five times, so nobody can decide it any more.',
    tone: 'alarm',
    place: 'last',
  }),
  'secret.contested': ({ what }) => ({
    title: `Read twice? ${what}`,
    sentence:
      'Somebody came for a secret that was read already, and was shown nothing. If the reader is somebody else, change what it held.',
    tone: 'alarm',
    place: 'between',
  }),
}

/** The words for an event; undefined when there is nothing to say: an answer that a policy gave, a subject that is gone. */
export async function noticeOf(sql: Sql, publicUrl: string, event: ToldEvent): Promise<Notice | undefined> {
  const say = says[event.name]
  if (!say || (event.name === 'permission.requested' && event.payload.status !== 'pending')) return undefined
  const about = await toldOf(sql, publicUrl, event)
  if (!about) return undefined
  const said = say(about, event)
  const waits = said.place === 'first'
  return {
    ...said,
    title: line(said.title, 150),
    facts: [
      ['Project', line(about.project, 63)],
      ...(about.refId === null ? [] : [['Reference', line(about.refId, 100)] as const]),
      ...(about.askedAt === null || waits ? [] : [['Asked', `${asTime(about.askedAt)} by ${about.asker}`] as const]),
      ...(waits && about.expiresAt !== null ? [['Decide before', asTime(about.expiresAt)] as const] : []),
    ],
    quote: waits && about.info !== null ? lines(about.info, 1000) : null,
    link: { label: waits ? 'Look at it and decide' : 'Open it', url: about.url },
    expiresAt: waits ? about.expiresAt : null,
    approvalId: about.approvalId,
  }
}

/** What a test says. */
export const testNotice = (publicUrl: string, projectId: string, project: string): Notice => ({
  title: 'Test message',
  sentence: 'Messages of this project arrive here.',
  facts: [['Project', line(project, 63)]],
  quote: null,
  link: { label: 'Open the project', url: `${publicUrl}/p/${projectId}` },
  tone: 'over',
  expiresAt: null,
  approvalId: null,
  place: 'between',
})
