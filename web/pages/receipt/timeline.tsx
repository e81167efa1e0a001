import { CirclePlus } from 'lucide-react'
import type { ReactNode } from 'react'
import { Time } from '../../ui/time.tsx'
import type { Receipt } from './reading.ts'
import css from './receipt.module.css'
import { madeAt, type Told } from './words.ts'

/** What has happened, in order, and what is still to come. `now`: the server's time in ms. */
export const Timeline = ({ receipt, told, now }: { receipt: Receipt; told: Told; now: number }) => (
  <ol className={css.timeline} aria-label="What has happened">
    <Step icon={CirclePlus} word="Made" when={<Time iso={madeAt(receipt)} now={now} />} />
    <Step icon={told.icon} tone={told.tone} word={told.word} when={told.at && <Time iso={told.at} now={now} />} />
  </ol>
)

type StepProps = { icon: Told['icon']; tone?: Told['tone']; word: string; when?: ReactNode }

const Step = ({ icon: Icon, tone, word, when }: StepProps) => (
  <li data-tone={tone}>
    <Icon aria-hidden size={20} />
    <div>
      <strong>{word}</strong>
      {when && <p>{when}</p>}
    </div>
  </li>
)
