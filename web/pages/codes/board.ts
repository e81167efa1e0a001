import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'

export type Board = Answers['accounts']['board']
export type Shared = Board['items'][number]

/** What the search looks through, in lower case. */
const textOf = ({ issuer, name, tags }: Shared) => [issuer, name, ...tags].join('\n').toLowerCase()

/** What it finds: every word of the search stands somewhere in issuer, name or a tag, in any case. */
export function matching(accounts: readonly Shared[], { q = '', tag }: { q?: string; tag?: string | undefined }) {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  return accounts.filter((one) => {
    if (tag !== undefined && !one.tags.includes(tag)) return false
    const text = textOf(one)
    return words.every((word) => text.includes(word))
  })
}

const byWords = new Intl.Collator('en', { sensitivity: 'base', numeric: true })

/**
 * Pinned first, then what was used last, then by what stands first in a row. `used`: when each was used as the page was
 * opened, so that no row moves away under the hand that copies it.
 */
export const inOrder = (accounts: readonly Shared[], used: ReadonlyMap<string, string | null>): Shared[] =>
  accounts.toSorted(
    (a, b) =>
      Number(b.pinned) - Number(a.pinned) ||
      (used.get(b.id) ?? '').localeCompare(used.get(a.id) ?? '') ||
      byWords.compare(titleOf(a), titleOf(b)) ||
      byWords.compare(a.name, b.name),
  )

/** Every tag that some account has, by name. */
export const tagsOf = (accounts: readonly Shared[]): string[] =>
  [...new Set(accounts.flatMap(({ tags }) => tags))].toSorted(byWords.compare)

/** What a row begins with: who asks for the codes, or whose they are. */
export const titleOf = ({ issuer, name }: Shared): string => visible(issuer === '' ? name : issuer)

/** What stands under it; nothing where it would say the same again. */
export const underOf = ({ issuer, name }: Shared): string | undefined =>
  issuer === '' || issuer === name ? undefined : visible(name)

/** A code as people read it out: 3 + 3, 3 + 4, 4 + 4. */
export function groupsOf(code: string): [string, string] {
  const half = Math.floor(code.length / 2)
  return [code.slice(0, half), code.slice(half)]
}
