import type { Answers } from '../../api.ts'

export type Made = Answers['approvals']['create']

/** One button as the form holds it. `id` tells rows apart while their texts change. */
export type Button = { id: number; key: string; label: string; value: string; style: string }

/** People of whom so many must agree; names one per line. `id` tells groups apart while their texts change. */
export type Group = { id: number; names: string; required: number }

export type NewForm = {
  path: string
  /** One Approve button that sets `value`, or buttons of one's own. */
  simple: boolean
  value: string
  buttons: readonly Button[]
  ttl: number
  info: string
  reference: string
  pin: 'none' | 'own' | 'generate'
  ownPin: string
  comment: 'optional' | 'required' | 'off'
  number: boolean
  link: 'bearer' | 'signed_in'
  /** Who must agree; every group reaches its count. */
  groups: readonly Group[]
  passkey: boolean
  /** One per line. */
  notify: string
}

export const emptyForm: NewForm = {
  path: '',
  simple: true,
  value: 'approved',
  buttons: [
    { id: 1, key: 'approve', label: 'Approve', value: 'approved', style: 'primary' },
    { id: 2, key: 'reject', label: 'Reject', value: 'rejected', style: 'danger' },
  ],
  ttl: 600,
  info: '',
  reference: '',
  pin: 'none',
  ownPin: '',
  comment: 'optional',
  number: false,
  link: 'bearer',
  groups: [{ id: 1, names: '', required: 1 }],
  passkey: false,
  notify: '',
}

/** Seconds to decide in, as one chooses them. */
export const ttls = {
  600: '10 minutes',
  3600: '1 hour',
  28800: '8 hours',
  86400: '1 day',
  604800: '7 days',
  2592000: '30 days',
} as const

const lines = (text: string): string[] =>
  text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What is sent; what was not asked for is left out. */
export function inputOf(form: NewForm) {
  const groups = form.groups.filter(({ names }) => lines(names).length > 0)
  const approvers = groups.map(({ names, required }) => ({ any_of: lines(names), required }))
  const notify = lines(form.notify)
  return {
    key_path: form.path.trim(),
    ...(form.simple
      ? { value: form.value }
      : {
          actions: form.buttons.map(({ key, label, value, style }) => ({
            key: key.trim(),
            value,
            style,
            ...(label.trim() === '' ? {} : { label: label.trim() }),
          })),
        }),
    ttl_seconds: form.ttl,
    ...(form.info.trim() === '' ? {} : { info: form.info }),
    ...(form.reference.trim() === '' ? {} : { ref_id: form.reference.trim() }),
    ...(form.pin === 'none' ? {} : { pin: form.pin === 'generate' ? 'generate' : form.ownPin }),
    comment: form.comment,
    match_number: form.number,
    link: form.link,
    ...(form.link === 'signed_in' && approvers.length > 0 ? { approvers } : {}),
    ...(form.link === 'signed_in' && form.passkey ? { passkey: true } : {}),
    ...(notify.length > 0 ? { notify } : {}),
  }
}
