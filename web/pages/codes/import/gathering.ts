import { useCallback, useEffect, useState } from 'react'
import type { Answers } from '../../../api.ts'
import { type Fault, faultOf } from '../../../parts/fault.ts'
import { useProject } from '../../../project.tsx'
import { withoutAccount } from './cut.ts'
import type { Found } from './found.ts'

type Line = Answers['accounts']['import']['items'][number]

/** What was gathered so far; `key` tells it from the others. */
type Item = Found & { key: number }

/** One account of the preview; `nth` among those of its item, which may be a picture with several. */
export type PreviewRow = Pick<Line, 'status' | 'reason'> & { key: string; title: string; item: Item; nth: number }

type Preview = { of: readonly Item[]; rows: PreviewRow[]; missing: readonly string[] }

let keys = 0

const titleOf = ({ name, issuer }: Line, item: Item): string =>
  [issuer !== name && issuer, name].filter(Boolean).join(': ') || item.name || 'Unreadable'

function rowsOf(items: readonly Item[], lines: readonly Line[]): PreviewRow[] {
  const seen = new Map<number, number>()
  return lines.flatMap((line) => {
    const item = items[line.line - 1]
    if (!item) return []
    const nth = seen.get(item.key) ?? 0
    seen.set(item.key, nth + 1)
    const { status, reason } = line
    return { key: `${item.key} ${nth}`, title: titleOf(line, item), status, reason, item, nth }
  })
}

/** Lines that were refused before anything was looked up, as one that is too long. */
const refusedRows = (items: readonly Item[], { issues }: Fault): PreviewRow[] =>
  issues.flatMap(({ path, message }) => {
    const item = items[Number(/^uris\.(\d+)/.exec(path)?.[1] ?? -1)]
    return item
      ? {
          key: `${item.key} 0`,
          title: item.name || 'Unreadable',
          status: 'error' as const,
          reason: message,
          item,
          nth: 0,
        }
      : []
  })

/** What is to be imported, and what the server says would become of it: asked anew whenever it changes. Seeds stand in this state only. */
export function useGathering() {
  const { api } = useProject()
  const [items, setItems] = useState<readonly Item[]>([])
  const [preview, setPreview] = useState<Preview>()
  const [fault, setFault] = useState<Fault>()
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks the same again
  useEffect(() => {
    let late = false
    setFault(undefined)
    if (items.length === 0) setPreview(undefined)
    else
      api.accounts.import.mutate({ uris: items.map(({ uri }) => uri), dry_run: true }).then(
        (answer) => late || setPreview({ of: items, rows: rowsOf(items, answer.items), missing: answer.missing_parts }),
        (thrown: unknown) => {
          if (late) return
          const why = faultOf(thrown)
          const rows = refusedRows(items, why)
          setPreview({ of: items, rows, missing: [] })
          if (rows.length === 0) setFault(why)
        },
      )
    return () => {
      late = true
    }
  }, [api, items, tries])

  /** Adds what was found; what a camera sees again and again counts once. */
  const add = useCallback(
    (found: readonly Found[]) =>
      setItems((before) => {
        const known = new Set(before.map(({ uri }) => uri))
        const fresh = found.filter(({ uri }) => !known.has(uri))
        return fresh.length === 0 ? before : [...before, ...fresh.map((one) => ({ ...one, key: keys++ }))]
      }),
    [],
  )
  /** Leaves accounts out. Of one picture the last goes first, or those before it would be counted anew. */
  const leaveOut = (rows: readonly PreviewRow[]) =>
    setItems((before) =>
      before.flatMap((item) => {
        // By its text too: an older preview of a picture counted otherwise.
        const gone = rows.filter((row) => row.item.key === item.key && row.item.uri === item.uri).map(({ nth }) => nth)
        const left = gone
          .toSorted((a, b) => b - a)
          .reduce<string | undefined>((uri, nth) => uri && withoutAccount(uri, nth), item.uri)
        return left === undefined ? [] : left === item.uri ? item : { ...item, uri: left }
      }),
    )
  return {
    items,
    preview,
    /** The preview is of what was gathered before the last change. */
    stale: preview?.of !== items,
    fault,
    add,
    leaveOut,
    clear: () => setItems([]),
    again: () => setTries((before) => before + 1),
  }
}
