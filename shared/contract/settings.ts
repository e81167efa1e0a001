import { z } from 'zod'
import { allowlist } from '../words.ts'
import { endpoint } from './endpoint.ts'

const days = (max: number) => z.number().int().min(1).max(max)

const fields = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._ -]{0,62}$/, 'Takes 1 to 63 letters, digits, spaces, dots, dashes and underscores.')
    .meta({ description: 'Name of the project.' }),
  ip_allowlist: allowlist.nullable(),
  requests_days: days(3650).meta({ description: 'Days that the access log is kept.' }),
  audit_days: days(36_500).nullable().meta({ description: 'Days that the audit log is kept; null: for ever.' }),
  session_idle_minutes: z
    .number()
    .int()
    .min(5)
    .max(1440)
    .meta({ description: 'Minutes without use that end a session.' }),
  session_hours: z.number().int().min(1).max(168).meta({ description: 'Hours after which a session ends anyway.' }),
  remember_days: z
    .number()
    .int()
    .min(0)
    .max(90)
    .meta({ description: 'Days for “remember this device”; 0: not offered.' }),
  alert_mail: z.boolean().meta({ description: 'Mail alerts about keys to the admins.' }),
  guest_secrets: z.boolean().meta({
    description:
      'Anybody may make one-time secrets here without a key. One project of an instance at most; only who runs the instance switches it on.',
  }),
  codes_hidden: z.boolean().meta({ description: 'Codes are covered on the page until somebody uncovers one.' }),
}

const settings_ = z
  .strictObject(fields)
  .meta({ id: 'Settings', description: 'What a project’s admins decide for all of it.' })

const example = {
  name: 'shop',
  ip_allowlist: null,
  requests_days: 30,
  audit_days: null,
  session_idle_minutes: 30,
  session_hours: 12,
  remember_days: 30,
  alert_mail: true,
  guest_secrets: false,
  codes_hidden: true,
}

/** Seed 1's configuration family; seed 3's “Settings → API access”. */
export const settings = {
  get: endpoint({
    method: 'GET',
    path: '/settings',
    tag: 'Settings',
    summary: 'Read the project’s settings',
    description: 'Its name, who may use its keys, how long logs and sessions live.',
    access: 'settings:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({}),
    output: settings_,
    errors: [],
    example: { output: example },
  }),
  update: endpoint({
    method: 'PATCH',
    path: '/settings',
    tag: 'Settings',
    summary: 'Change the project’s settings',
    description: 'Only the fields that are sent change; at once on every node.',
    access: 'settings:write',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      name: fields.name.optional(),
      ip_allowlist: fields.ip_allowlist.optional(),
      requests_days: fields.requests_days.optional(),
      audit_days: fields.audit_days.optional(),
      session_idle_minutes: fields.session_idle_minutes.optional(),
      session_hours: fields.session_hours.optional(),
      remember_days: fields.remember_days.optional(),
      alert_mail: fields.alert_mail.optional(),
      guest_secrets: fields.guest_secrets.optional(),
      codes_hidden: fields.codes_hidden.optional(),
      allow_lockout: z
        .boolean()
        .optional()
        .meta({ description: 'Accept an allowlist that excludes the address this request comes from.' }),
    }),
    output: settings_,
    errors: ['NAME_TAKEN', 'LOCK_OUT', 'GUESTS_TAKEN', 'INSUFFICIENT_ROLE'],
    example: { input: { requests_days: 90 }, output: { ...example, requests_days: 90 } },
  }),
}
