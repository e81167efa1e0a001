import type { contract } from '../../shared/contract/index.ts'
import { refuse } from '../../shared/errors.ts'
import { once } from '../once.ts'
import { liveProjectOf } from '../projects/project.ts'
import type { Verb } from '../verb.ts'
import { shownKey } from './key.ts'
import { rotateKey } from './rotated.ts'

/** Makes a key like this one with a new text, and lets the old one end after its grace time. */
export const rotate: Verb<typeof contract.keys.rotate> = async (ctx, { keyId, grace_seconds }) =>
  once(ctx, `keys.rotate ${keyId}`, async (sql) => {
    const made = await rotateKey(sql, ctx, liveProjectOf(ctx.actor), keyId, grace_seconds)
    if (!made) return refuse('NOT_FOUND')
    const { key, ...row } = made
    return { ...shownKey(row), key }
  })
