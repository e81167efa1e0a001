import { visible } from '../../shared/visible.ts'
import type { Answers } from '../api.ts'
import { inWords } from './named.ts'
import css from './together.module.css'

type Approval = {
  actions: readonly { key: string; label: string }[]
  progress: NonNullable<Answers['approvals']['get']['progress']>
}
type Group = Approval['progress']['groups'][number]

/** What a group is made of, in words: "2 of: ana@example.com, every admin". */
const whoIn = ({ any_of }: Group): string => any_of.map(inWords).map(visible).join(', ')

/** How far an approval has come that several give: its groups, and who said what. `mine`: the reader's own vote. */
export function Together({ of: { progress, actions }, mine }: { of: Approval; mine?: string | null | undefined }) {
  const label = (key: string) => visible(actions.find((action) => action.key === key)?.label ?? key)
  return (
    <section className={css.box} aria-label="Who has agreed">
      <ul className={css.groups}>
        {progress.groups.map((group, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups are frozen, and two may be alike
          <li key={at} className={css.group}>
            <p>
              <span>{whoIn(group)}</span>
              <span className={css.count}>
                {group.have} of {group.required}
              </span>
            </p>
            <div className={css.track} aria-hidden="true">
              {Array.from({ length: group.required }, (_, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: places have no names
                <span key={place} data-full={place < group.have || undefined} />
              ))}
            </div>
          </li>
        ))}
      </ul>
      {progress.votes.length > 0 && (
        <ul className={css.votes}>
          {progress.votes.map(({ by, action, comment, counts, at }) => (
            <li key={by.id ?? at} data-lapsed={counts ? undefined : true}>
              <strong>{visible(by.name)}</strong>: {label(action)}
              {comment !== null && (
                <>
                  , <q>{visible(comment)}</q>
                </>
              )}
              {!counts && ' (no longer counts: they may not decide this any more)'}
            </li>
          ))}
        </ul>
      )}
      {mine && (
        <p>
          You said <strong>{label(mine)}</strong>. You can change that until it is decided.
        </p>
      )}
    </section>
  )
}
