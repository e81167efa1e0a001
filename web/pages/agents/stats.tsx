import { timeLeft } from '../../parts/clock.ts'
import css from './agents.module.css'
import type { AgentDetail } from './words.ts'

/** How often an agent asked, and how it was answered. */
export const Stats = ({ of: stats }: { of: AgentDetail['stats'] }) => (
  <dl className={css.figures}>
    {(
      [
        ['Requests', stats.requests],
        ['Approved', stats.approved],
        ['Denied', stats.denied],
        ['Expired unanswered', stats.expired],
        ['Answered by policy', stats.by_policy],
        ['People took, median', stats.median_seconds === null ? '–' : timeLeft(stats.median_seconds * 1000)],
      ] as const
    ).map(([name, figure]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{figure}</dd>
      </div>
    ))}
  </dl>
)
