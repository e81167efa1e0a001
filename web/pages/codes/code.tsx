import type { ReactNode } from 'react'
import type { Shared } from './board.ts'
import { groupsOf } from './board.ts'
import css from './code.module.css'
import { useDesk, useSecondsUntil, useShown } from './desk.tsx'
import { Ring } from './ring.tsx'
import type { Live } from './shown.ts'

/** Seconds before its end from which a code is amber, and the one after it stands beside it. */
const ending = 5

const Digits = ({ code }: { code: string }) => {
  const [first, rest] = groupsOf(code)
  return (
    <>
      <span>{first}</span>
      <span>{rest}</span>
    </>
  )
}

/** The code as it stands, how long it lasts, and in its last seconds the next one. */
function Current({ live, account: { period, access } }: { live: Live; account: Shared }) {
  const seconds = useSecondsUntil(live.endsAt)
  const soon = seconds <= ending
  return (
    <>
      <span className={css.digits} data-soon={soon || undefined}>
        <span className={css.code} data-code>
          <Digits code={live.code} />
        </span>
        {soon && live.next !== null && (
          <span className={css.next}>
            next <Digits code={live.next} />
          </span>
        )}
        {access.codes && <span className={css.left}>{`${access.codes.left} of ${access.codes.max} left`}</span>}
      </span>
      <Ring seconds={seconds} period={period} soon={soon} />
    </>
  )
}

const Covered = ({ children }: { children?: ReactNode }) => (
  <>
    <span className={css.covered} aria-hidden>
      ••• •••
    </span>
    {children}
  </>
)

function Waits({ until, period }: { until: number; period: number }) {
  const seconds = useSecondsUntil(until)
  return (
    <span className={css.why}>
      This step’s code was given already, and there is one for each {period} s. Next in {seconds} s.
    </span>
  )
}

/** What stands in the place of an account's code, and the button that brings it where it does not come by itself. */
export function Code({ account, hidden }: { account: Shared; hidden: boolean }) {
  const { feed } = useDesk()
  const shown = useShown(account.id)
  const { codes } = account.access
  const button = (label: string, run: () => void) => (
    <button type="button" className={css.button} data-get onClick={run}>
      {label}
      <span className="unseen"> of {account.name}</span>
    </button>
  )
  if (shown?.kind === 'live' && !shown.unseen) return <Current live={shown} account={account} />
  if (shown?.kind === 'asking') return <Covered />
  if (shown?.kind === 'live') return <Covered>{button('Show', () => feed.uncover(account.id))}</Covered>
  if (shown?.kind === 'waits') return <Waits until={shown.until} period={account.period} />
  if (codes && (codes.left === 0 || shown?.kind === 'used up'))
    return (
      <span className={css.why}>
        {codes.max === 1 ? 'Its one code was given.' : `All ${codes.max} codes were given.`} Whoever manages the account
        can give more.
      </span>
    )
  const get = codes && button(`Get a code (${codes.left} of ${codes.max} left)`, () => void feed.get(account.id))
  if (shown?.kind === 'failed')
    return (
      <>
        <span className={css.why} data-failed>
          {shown.why}
        </span>
        {get ?? (Number.isFinite(shown.again) && button('Try again', feed.again))}
      </>
    )
  if (get) return get
  return <Covered>{hidden && button('Show', () => feed.uncover(account.id))}</Covered>
}
