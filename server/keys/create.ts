import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { once } from '../once.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { shownKey } from './key.ts'
import { faultOfText, makeKey } from './made.ts'
import { mustBeWithin } from './reach.ts'
import { allowlistOf, endOf, loggingEndOf } from './wish.ts'

/** Makes a key (seed 1), with a text of the caller's own or one made here, and shows it this once. */
export const create: Verb<typeof contract.keys.create> = async (ctx, input) => {
  const fault = input.key === undefined ? undefined : faultOfText(input.key)
  if (fault) refuse('INVALID_INPUT', { issues: [{ path: 'key', message: fault }] })
  const wish = {
    scopes: [...new Set(input.scopes)],
    env: input.env,
    keyPaths: input.key_paths,
    accountTags: input.account_tags,
    ipAllowlist: allowlistOf(ctx, input.ip_allowlist, input.allow_lockout),
    expiresAt: endOf(ctx, input.expires_at),
  }
  mustBeWithin(ctx.actor, wish)
  const loggingUntil = loggingEndOf(ctx, input.logging_until)
  return once(ctx, 'keys.create', async (sql) => {
    const { key, ...row } = await makeKey(sql, ctx, {
      ...wish,
      projectId: liveProjectOf(ctx.actor),
      name: input.name,
      description: input.description,
      transports: [...new Set(input.transports)],
      logging: input.logging,
      loggingUntil,
      lifetime: null,
      text: input.key,
    })
    return { ...shownKey(row), key }
  })
}
