import { visible } from '../../../shared/visible.ts'
import css from './tree.module.css'

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value that holds no other, as text; what an agent writes is never markup and never a link. */
export const plain = (value: unknown): string => (typeof value === 'string' ? visible(value) : JSON.stringify(value))

/** A JSON object as a person reads it: names on the left, lists below one another, objects set in. */
export const Tree = ({ of }: { of: Json }) => (
  <dl className={css.tree}>
    {Object.entries(of).map(([name, value]) => (
      <div key={name} className={css.entry} data-deep={isObject(value) || undefined}>
        <dt>{visible(name)}</dt>
        <dd>
          <Value of={value} />
        </dd>
      </div>
    ))}
  </dl>
)

/** One value of it. */
export function Value({ of }: { of: unknown }) {
  if (isObject(of)) return Object.keys(of).length === 0 ? <em>nothing</em> : <Tree of={of} />
  if (Array.isArray(of))
    return of.length === 0 ? (
      <em>an empty list</em>
    ) : (
      <ul className={css.items}>
        {of.map((item, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a request never changes, so a place in it is a good key
          <li key={at}>
            <Value of={item} />
          </li>
        ))}
      </ul>
    )
  if (of === '') return <em>empty text</em>
  return <span className={css.text}>{plain(of)}</span>
}
