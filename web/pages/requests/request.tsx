import { Ban, Check, CheckCheck, Clock, Hourglass, X } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { Mark } from '../../ui/mark.tsx'

export type Look = Answers['permissions']['look']
export type Request = Look['permission']

type Json = Record<string, unknown>

const looks = {
  pending: { icon: Hourglass, tone: 'info', word: 'Waiting' },
  approved: { icon: Check, tone: 'ok', word: 'Approved' },
  denied: { icon: X, tone: 'bad', word: 'Denied' },
  expired: { icon: Clock, tone: 'quiet', word: 'Expired' },
  used: { icon: CheckCheck, tone: 'ok', word: 'Used' },
  revoked: { icon: Ban, tone: 'quiet', word: 'Revoked' },
} as const

/** What a status is called. */
export const statusWords = {
  pending: 'Waiting',
  approved: 'Approved, not used up',
  denied: 'Denied',
  expired: 'Expired',
  used: 'Used',
  revoked: 'Withdrawn or revoked',
} as const satisfies Record<Request['status'], string>

/** Where a request stands. */
export const RequestMark = ({ status }: Pick<Request, 'status'>) => {
  const { icon, tone, word } = looks[status]
  return (
    <Mark icon={icon} tone={tone}>
      {word}
    </Mark>
  )
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an agent asks, as the payload of its approval has it; undefined for one that sets a value. */
export function askedIn({ kind, payload }: Pick<Answers['approvals']['get'], 'kind' | 'payload'>) {
  if (kind !== 'permission' || typeof payload?.action !== 'string') return undefined
  const { action, resource, context } = payload
  return {
    action,
    resource: typeof resource === 'string' ? resource : null,
    reason: isObject(context) ? reasonIn(context) : undefined,
  }
}

/** Why it is asked, in the agent's words. */
export const reasonIn = ({ reason }: Json): string | undefined =>
  typeof reason === 'string' && reason.trim() !== '' ? reason : undefined

/** "email.send on mailbox:support". */
export const whatOf = ({ action, resource }: { action: string; resource: string | null }): string =>
  visible(resource === null ? action : `${action} on ${resource}`)

const unit = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`

/** Seconds in words: "90 seconds", "5 minutes", "1 hour". */
export function lasting(seconds: number): string {
  if (seconds % 3600 === 0) return unit(seconds / 3600, 'hour')
  return seconds % 60 === 0 ? unit(seconds / 60, 'minute') : unit(seconds, 'second')
}

/** What a yes allows, in one sentence. */
export function allows({ uses, ttl }: Pick<Request, 'uses' | 'ttl'>): string {
  const often = uses === 1 ? 'once' : `up to ${uses} times`
  return `If you approve, it may do this ${often} within ${lasting(ttl)}.`
}
