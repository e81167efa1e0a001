import { Ban, Check, CirclePause, TriangleAlert, UserCheck } from 'lucide-react'
import { visible } from '../../../shared/visible.ts'
import { Mark } from '../../ui/mark.tsx'
import css from './policies.module.css'
import { type Effect, effectWords, type Policy } from './words.ts'

const looks = {
  auto_approve: { icon: Check, tone: 'ok' },
  require_approval: { icon: UserCheck, tone: 'info' },
  deny: { icon: Ban, tone: 'bad' },
} as const

export const EffectMark = ({ of }: { of: Effect }) => <Mark {...looks[of]}>{effectWords[of]}</Mark>

/** What a policy does, whether it is asked at all, and why it cannot be evaluated. */
export const PolicyMarks = ({ of: { effect, enabled, fault } }: { of: Policy }) => (
  <>
    <div className={css.marks}>
      <EffectMark of={effect} />
      {!enabled && (
        <Mark icon={CirclePause} tone="warn">
          Off
        </Mark>
      )}
      {fault !== null && (
        <Mark icon={TriangleAlert} tone="bad">
          Broken
        </Mark>
      )}
    </div>
    {fault !== null && (
      <p className={css.fault}>
        {visible(fault)} While it is on, a person is asked about everything that comes to it, and no policy below it is
        asked.
      </p>
    )}
  </>
)
