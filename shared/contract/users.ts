import { z } from 'zod'
import { email, role } from '../people.ts'
import { actorRef, cursor, id, page, pageLimit, secret, text, time } from '../words.ts'
import { endpoint, mutation } from './endpoint.ts'

const person = z
  .strictObject({
    id: id.meta({ description: 'Of the person, or of the pending invitation.' }),
    kind: z.enum(['person', 'invitation']),
    email: z.string(),
    name: z.string().nullable().meta({ description: 'null for an invitation.' }),
    role: z.string().meta({ description: 'OWNER, ADMIN, MEMBER or VIEWER.' }),
    status: z.enum(['active', 'disabled', 'pending', 'expired']),
    joined_at: time.nullable(),
    invited_at: time.nullable(),
    invited_by: actorRef.nullable(),
    expires_at: time.nullable().meta({ description: 'When a pending invitation ends.' }),
    last_seen_at: time.nullable(),
  })
  .meta({ id: 'User', description: 'A person of the project, or a pending invitation into it.' })

const exampleInvitation = {
  id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  kind: 'invitation',
  email: 'ana@example.com',
  name: null,
  role: 'MEMBER',
  status: 'pending',
  joined_at: null,
  invited_at: '2025-01-01T12:00:00.000Z',
  invited_by: { type: 'key', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'hr' },
  expires_at: '2025-01-08T12:00:00.000Z',
  last_seen_at: null,
} as const

/** Seed 3's people: list, invite, disable. */
export const users = {
  list: endpoint({
    method: 'GET',
    path: '/users',
    tag: 'Users',
    summary: 'List people and pending invitations',
    description: 'Newest first. The maker of the key must be an active admin still.',
    access: 'users:read',
    limit: 'everything else',
    status: 200,
    input: z.strictObject({
      q: text(200).optional().meta({ example: 'alice', description: 'Part of a name or e-mail address, in any case.' }),
      limit: pageLimit,
      cursor: cursor.optional(),
    }),
    output: page(person),
    errors: ['MAKER_NOT_ADMIN'],
    example: { output: { items: [exampleInvitation], next_cursor: null } },
    activeAdmin: true,
  }),
  invite: endpoint({
    method: 'POST',
    path: '/users/invitations',
    tag: 'Users',
    summary: 'Invite somebody',
    description:
      'Mails a link that is valid for 7 days, once, for this address. A key can invite up to MEMBER, is not given the link, and whoever joins this way cannot decide that key’s requests. Inviting an address again replaces its pending invitation.',
    access: 'users:write',
    limit: 'everything else',
    status: 201,
    input: z.strictObject({ email, role }),
    output: person.extend({
      mailed: z.boolean().meta({ description: 'Whether a mail with the link is on its way.' }),
      url: secret(z.url()).optional().meta({ description: 'The link, once, for a signed-in person only.' }),
    }),
    errors: ['MAKER_NOT_ADMIN', 'INSUFFICIENT_ROLE', 'ALREADY_MEMBER'],
    example: {
      input: { email: 'ana@example.com', role: 'MEMBER' },
      output: { ...exampleInvitation, mailed: true },
    },
    idempotent: true,
    activeAdmin: true,
  }),
  uninvite: endpoint({
    method: 'DELETE',
    path: '/users/invitations/{invitationId}',
    tag: 'Users',
    summary: 'Revoke an invitation',
    description: 'Its link opens nothing from now on. Idempotent.',
    access: 'users:write',
    limit: 'everything else',
    status: 204,
    input: z.strictObject({ invitationId: id }),
    output: z.void(),
    errors: ['MAKER_NOT_ADMIN', 'NOT_FOUND', 'INVITATION_GONE'],
    example: {},
    activeAdmin: true,
  }),
  disable: endpoint({
    method: 'DELETE',
    path: '/users/{userId}',
    tag: 'Users',
    summary: 'Remove (disable) somebody',
    description:
      'Ends their membership of this project and the keys they made in it, at once on every node; their sessions too when this was their last project. What they did stays on record. The last owner cannot go.',
    access: 'users:write',
    limit: 'everything else',
    status: 204,
    input: z.strictObject({ userId: id }),
    output: z.void(),
    errors: ['MAKER_NOT_ADMIN', 'NOT_FOUND', 'LAST_OWNER', 'INSUFFICIENT_ROLE'],
    example: {},
    fresh: true,
    activeAdmin: true,
  }),
  /** Sends the invitation again, or makes its link anew to be copied: the old link ends. */
  resend: mutation({
    access: 'users:write',
    input: z.strictObject({ invitationId: id }),
    output: z.strictObject({ url: z.url(), mailed: z.boolean(), expires_at: time }),
    errors: ['NOT_FOUND', 'INVITATION_GONE', 'INSUFFICIENT_ROLE'],
  }),
  /** Nobody gives a role above their own, changes somebody above themselves, or leaves a project without an owner. */
  setRole: mutation({
    access: 'users:write',
    input: z.strictObject({ userId: id, role }),
    output: person,
    errors: ['NOT_FOUND', 'LAST_OWNER', 'INSUFFICIENT_ROLE'],
    fresh: true,
  }),
  /** Leaves the project, whatever one's role: what `disable` does to others, done to oneself. */
  leave: mutation({
    access: 'users:read',
    input: z.strictObject({}),
    output: z.void(),
    errors: ['LAST_OWNER'],
    fresh: true,
  }),
}
