import { useEffect, useRef, useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { calls } from '../../call.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Announce } from '../../ui/announce.tsx'
import { keyOfAll } from './all.ts'
import { PolicyCard } from './card.tsx'
import css from './policies.module.css'
import type { Policy } from './words.ts'

/** Where a policy goes in the order. */
export type Way = 'up' | 'down'

/** The policies that people wrote, in their order, which two buttons of each change. */
export function Written({ policies }: { policies: readonly Policy[] }) {
  const { id, api } = useProject()
  const list = useRef<HTMLOListElement>(null)
  const [moved, setMoved] = useState<{ id: string; way: Way; words: string }>()
  const change = useChange({
    run: ({ policy, with: other }: { policy: Policy; with: Policy; way: Way }) =>
      api.policies.update.mutate({ id: policy.id, position: other.position }),
    stale: [['policies', id]],
    done: (_made, { policy, with: other, way }) => {
      // Shown at once, before all are read again: the next press is about what is seen.
      calls.setQueryData<Policy[]>(keyOfAll(id), (all) => all && swapped(all, policy.id, other.id))
      const place = policies.findIndex((one) => one.id === other.id) + 1
      setMoved({ id: policy.id, way, words: `${policy.name} is now number ${place} of ${policies.length}.` })
    },
  })
  const order = policies.map((one) => one.id).join()
  // A row that moves in the document loses the focus; the button that moved it keeps it, or the other at either end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was focused is lost when the order on the page changes
  useEffect(() => {
    if (!moved || !isLost(document.activeElement)) return
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>(`[data-moves="${moved.id}"]`) ?? [])]
    const same = buttons.find((one) => one.dataset.way === moved.way)
    ;(same?.disabled === false ? same : buttons.find((one) => !one.disabled))?.focus()
  }, [moved, order])
  const move = (at: number, way: Way) => {
    const [policy, other] = [policies[at], policies[at + (way === 'up' ? -1 : 1)]]
    if (policy && other && !change.busy) void change.go({ policy, with: other, way })
  }
  return (
    <>
      <ol ref={list} className={css.list} aria-label="Policies">
        {policies.map((policy, at) => (
          <PolicyCard
            key={policy.id}
            policy={policy}
            number={at + 1}
            up={at > 0 ? () => move(at, 'up') : undefined}
            down={at < policies.length - 1 ? () => move(at, 'down') : undefined}
          />
        ))}
      </ol>
      <Announce text={moved ? visible(moved.words) : ''} />
    </>
  )
}

/** Nothing has the focus, or a button that takes none any more. */
const isLost = (focused: Element | null) =>
  focused === null || focused === document.body || focused.matches(':disabled')

/** The same policies with two of them in each other's place. */
function swapped(all: readonly Policy[], one: string, other: string): Policy[] {
  const found = [all.find((each) => each.id === one), all.find((each) => each.id === other)]
  const [a, b] = found
  if (!a || !b) return [...all]
  return all.map((each) => {
    if (each.id === one) return { ...b, position: a.position }
    if (each.id === other) return { ...a, position: b.position }
    return each
  })
}
