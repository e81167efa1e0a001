import { ArrowRight } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import { flatten } from '../../parts/flatten.ts'
import { When } from '../../ui/when.tsx'
import { EffectMark } from './marks.tsx'
import css from './policies.module.css'
import type { Tried } from './trying.ts'

/** So many are drawn; the counts are of all. */
const most = 50

type Item = Tried['items'][number]

/** Who gives an answer. */
const byWhom = ({ policy }: Item['now']) => (policy === null ? 'no policy fits' : `“${visible(policy)}”`)

/** The requests that would be answered otherwise: what was asked, and which policy answers now and then. */
export const Changed = ({ items }: { items: readonly Item[] }) => (
  <>
    <ul className={css.changed} aria-label="Requests that would be answered otherwise">
      {items.slice(0, most).map((one) => (
        <li key={one.id}>
          <p>
            <strong>{visible(one.action)}</strong>
            {one.resource !== null && <> on {visible(one.resource)}</>}
          </p>
          <p className={css.small}>
            {visible(one.agent.name)} · <When iso={one.created_at} />
          </p>
          {Object.keys(one.scope).length > 0 && (
            <p className={css.small}>
              {flatten(one.scope, 'scope.').map(({ name, value }) => (
                <code key={name} className={css.fact}>
                  {visible(name)} = {visible(value)}
                </code>
              ))}
            </p>
          )}
          <p className={css.turn}>
            <EffectMark of={one.now.effect} />
            <ArrowRight aria-label="becomes" size={16} />
            <EffectMark of={one.with_draft.effect} />
          </p>
          <p className={css.small}>
            Now: {byWhom(one.now)}. With it: {byWhom(one.with_draft)}.
          </p>
        </li>
      ))}
    </ul>
    {items.length > most && <p className={css.small}>And {items.length - most} more.</p>}
  </>
)
