import { Link } from '@tanstack/react-router'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { useProject } from '../../project.tsx'
import { Section } from '../../ui/page.tsx'
import { Alerts } from '../keys/alerts.tsx'
import css from './inbox.module.css'

/** Keys that deserve a look. */
export function KeyHealth({ keys }: { keys: Answers['inbox']['get']['key_health'] }) {
  const { id } = useProject()
  return (
    <Section title="Key health">
      <ul className={css.cards}>
        {keys.map((key) => (
          <li key={key.id} className={css.card}>
            <div className={css.top}>
              <Link to="/p/$project/keys" params={{ project: id }} search={{ open: key.id }} data-row={key.id}>
                {visible(key.name)}
              </Link>
              <code>
                {key.prefix}…{key.last4}
              </code>
            </div>
            <Alerts of={key} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
