import { useMutation } from '@tanstack/react-query'
import { Check, ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { client } from '../../api.ts'
import { faultOf } from '../../parts/fault.ts'
import { Announce } from '../../ui/announce.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { curl } from './curl.ts'
import css from './start.module.css'
import { useWatched } from './watch.ts'

/** Seed 0's "Try it now": a link to answer, and a value that is seen to change when it is. */
export function Demo({ origin }: { origin: string }) {
  const create = useMutation({ mutationKey: ['demo.create'], mutationFn: () => client.demo.create.mutate({}) })
  const made = create.data
  const { data: watched } = useWatched(made)
  const answered = watched?.state === 'set'
  const fault = create.error && faultOf(create.error)
  const limited = fault?.code === 'RATE_LIMITED'
  return (
    <>
      <ol className={css.steps}>
        <Step number={1} title="A script asks" state={made ? 'done' : 'now'}>
          <div className={css.row}>
            <Button look={made ? 'default' : 'primary'} busy={create.isPending} onClick={() => create.mutate()}>
              {made ? 'Start again' : 'Create an approval link'}
            </Button>
          </div>
          {fault && (
            <p className={css.alert} role="alert">
              {limited ? `That was a lot of demos. Try again in ${fault.retryAfter ?? 60} s.` : fault.message}
            </p>
          )}
        </Step>
        <Step number={2} title="You answer" state={answered ? 'done' : made ? 'now' : 'later'}>
          {made && (
            <>
              <p className={css.lead}>
                Open the link in a new tab, or copy it to your phone, and press a button there.
              </p>
              <div className={css.row}>
                <LinkButton
                  href={made.url}
                  look={answered ? 'default' : 'primary'}
                  end={<ExternalLink aria-hidden size={18} />}
                >
                  Open the approval
                </LinkButton>
              </div>
              <CopyLine what="the approval link" text={made.url} />
            </>
          )}
        </Step>
        <Step number={3} title="The script reads your answer" state={answered ? 'done' : 'later'}>
          {made && <p className={css.value}>{told(made.key_path, watched?.state, answered ? watched.value : '')}</p>}
        </Step>
      </ol>
      <Announce text={answered ? `Answered: the value is now ${watched.value}.` : ''} />
      <details className={css.more}>
        <summary>The same with curl</summary>
        <div className={css.lines}>
          <CopyLine what="the command that creates a demo" text={curl.demo(origin)} />
          <p>Waits up to 55 seconds for the answer, with the demo’s own key.</p>
          <CopyLine
            what="the command that waits for the answer"
            text={curl.wait(origin, made?.key_path ?? 'demo/test', made?.api_key ?? 'API_KEY_OF_THE_REPLY')}
          />
        </div>
      </details>
    </>
  )
}

function told(path: string, state: 'waiting' | 'over' | 'set' | undefined, value: string): ReactNode {
  if (state === 'set')
    return (
      <>
        <code>{path}</code> is now <strong>{value}</strong>.
      </>
    )
  if (state === 'over') return 'This demo is over; start another one.'
  return (
    <>
      <code>{path}</code> has no value yet. This page is waiting for it, as a script would.
    </>
  )
}

type StepProps = { number: number; title: string; state: 'done' | 'now' | 'later'; children: ReactNode }

const Step = ({ number, title, state, children }: StepProps) => (
  <li className={css.step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
    <span className={css.dot} aria-hidden="true">
      {state === 'done' ? <Check size={18} strokeWidth={2.5} /> : number}
    </span>
    <h3>{title}</h3>
    {children}
  </li>
)
