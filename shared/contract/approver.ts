import { z } from 'zod'
import { approver } from '../people.ts'
import { actorRef, time } from '../words.ts'

const groupFields = {
  any_of: z
    .array(approver)
    .min(1)
    .max(50)
    .meta({
      example: ['ana@example.com', 'role:ADMIN'],
      description: 'E-mail addresses of people of the project, and roles.',
    }),
  required: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(1)
    .meta({ description: 'How many of them must agree; each person counts in one group only.' }),
}

/**
 * Who must agree, by e-mail address or role: every group reaches its count (AND), by distinct people. The rule is frozen at
 * creation, and the person who made the requesting key never counts.
 */
export const approverGroups = z.array(z.strictObject(groupFields)).min(1).max(5, 'Takes one to five groups.').meta({
  description:
    'Who must agree: every group reaches its count, by distinct people. The maker of the requesting key never counts then.',
})

/** How far an approval that several give has come. Only for people and keys of its project. */
export const progress = z
  .strictObject({
    groups: z.array(
      z.strictObject({
        any_of: z.array(z.string()),
        required: z.number().int(),
        have: z
          .number()
          .int()
          .meta({ description: 'How many who agree on the action that is furthest count here; each person once.' }),
      }),
    ),
    votes: z.array(
      z.strictObject({
        by: actorRef,
        action: z.string(),
        comment: z.string().nullable(),
        at: time,
        counts: z.boolean().meta({ description: 'False: they may no longer decide this.' }),
      }),
    ),
  })
  .meta({ id: 'Progress', description: 'Who has agreed so far, where more than one must.' })

/** Who may decide an approval that asks for sign-in, as the people of its project see it. */
export const deciders = z
  .strictObject({
    named: z
      .array(z.string())
      .nullable()
      .meta({ description: 'E-mail addresses and roles, of all groups; null: any OWNER, ADMIN or MEMBER.' }),
    count: z.number().int().meta({ description: 'How many people may decide right now.' }),
  })
  .meta({ description: 'Who may decide. Only for signed-in people of the project, while it is pending.' })
