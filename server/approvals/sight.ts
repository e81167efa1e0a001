import type { KeyActor, PersonActor } from '../context.ts'
import { reaches } from '../keys/reach.ts'
import type { ApprovalRow } from './approval.ts'

/**
 * Whether somebody may look at an approval of their project. It shows what its value becomes: where keys read that only by an
 * approval, it is seen by people and by the line of keys that asked, which knows it.
 */
export const isSeenBy = (
  actor: KeyActor | PersonActor,
  row: Pick<ApprovalRow, 'key_path' | 'key_family' | 'guarded'>,
): boolean =>
  reaches(actor.keyPaths, row.key_path) && (actor.type === 'person' || !row.guarded || row.key_family === actor.family)
