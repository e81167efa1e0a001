import css from './code.module.css'

const radius = 9
const around = 2 * Math.PI * radius

type Props = {
  seconds: number
  /** Seconds of a whole turn. */
  period: number
  soon: boolean
}

/** Seconds left as text, and as a ring for the eye. */
export const Ring = ({ seconds, period, soon }: Props) => (
  <span className={css.time} data-soon={soon || undefined}>
    <svg aria-hidden viewBox="0 0 24 24" width={24} height={24}>
      <circle cx={12} cy={12} r={radius} />
      <circle
        cx={12}
        cy={12}
        r={radius}
        strokeDasharray={around}
        strokeDashoffset={around * (1 - Math.min(1, seconds / period))}
      />
    </svg>
    <span>{seconds} s</span>
  </span>
)
