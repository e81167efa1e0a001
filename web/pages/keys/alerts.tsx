import { Clock, History, Hourglass, Radar, RefreshCw, UserX } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import type { Answers } from '../../api.ts'
import { Mark } from '../../ui/mark.tsx'
import { When } from '../../ui/when.tsx'
import css from './keys.module.css'

export type Key = Answers['keys']['get']

const looks = {
  old: { icon: History, tone: 'warn', word: 'Older than 90 days' },
  unused: { icon: Clock, tone: 'warn', word: 'Unused for 90 days' },
  expiring: { icon: Hourglass, tone: 'warn', word: 'Ends within 7 days' },
  unusual: { icon: Radar, tone: 'bad', word: 'Used from a new network' },
  replaced_still_used: { icon: RefreshCw, tone: 'warn', word: 'Replaced, still used' },
  maker_gone: { icon: UserX, tone: 'warn', word: 'Its maker is gone' },
} as const

/** What about a key deserves a look, as icon and words; a replaced key that is still used says by whom. */
export function Alerts({ of: key }: { of: Key }) {
  if (key.alerts.length === 0) return null
  return (
    <div className={css.alerts}>
      {key.alerts.map((alert) => {
        const { icon, tone, word } = looks[alert]
        return (
          <Mark key={alert} icon={icon} tone={tone}>
            {word}
          </Mark>
        )
      })}
      {key.alerts.includes('replaced_still_used') && key.last_used && (
        <p className={css.small}>
          The old key is still used by {key.last_used.ip}
          {key.last_used.user_agent && ` (${visible(key.last_used.user_agent)})`}, <When iso={key.last_used.at} />.
        </p>
      )}
    </div>
  )
}
