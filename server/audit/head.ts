import type { contract } from '../../shared/contract/index.ts'
import type { Verb } from '../verb.ts'
import { signerOf } from './chain.ts'
import { headOf, newestSeal } from './rows.ts'

/** The signed head of the project's chain, for who wants to keep it. */
export const head: Verb<typeof contract.audit.head> = async ({ world, actor }) => {
  const signer = signerOf(world.keys.signing)
  const seal = await newestSeal(world.db.sql, actor.projectId)
  if (seal) return headOf(seal, signer)
  const nothing = { number: 0, total: 0, head: null, at: null, signature: null }
  return { project_id: actor.projectId, ...nothing, public_key: signer.publicKey }
}
