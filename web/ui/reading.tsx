import { CloudOff, Filter, Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { faultOf } from '../parts/fault.ts'
import { Empty } from './empty.tsx'
import { Failure } from './failed.tsx'
import css from './reading.module.css'
import { Waiting } from './waiting.tsx'

type Props<Data> = {
  /** What a query or a list answered. */
  of: { data: Data | undefined; error: Error | null; readAt: number; retry: () => void }
  /** Rows of the skeleton, and the height of each in px. */
  bones?: number
  height?: number
  children: (data: Data) => ReactNode
}

/** Draws what was read, and every state in which it was not: on its way, failed, forbidden, or no longer fresh. */
export function Reading<Data>({ of: { data, error, readAt, retry }, bones = 5, height = 52, children }: Props<Data>) {
  if (data === undefined && error) return <Unread error={error} retry={retry} />
  if (data === undefined) return <Waiting rows={bones} height={height} />
  return (
    <>
      {error && <Stale error={error} readAt={readAt} retry={retry} />}
      {children(data)}
    </>
  )
}

function Unread({ error, retry }: { error: Error; retry: () => void }) {
  const fault = faultOf(error)
  if (fault.code === 'INSUFFICIENT_ROLE')
    return (
      <Empty icon={<Lock aria-hidden size={22} />} title="Not with your role">
        {fault.message}
      </Empty>
    )
  if (fault.code === 'INVALID_INPUT')
    return (
      <Empty icon={<Filter aria-hidden size={22} />} title="This filter cannot be read">
        {fault.issues.map(({ path, message }) => `${path}: ${message}`).join(' ') || fault.message}
      </Empty>
    )
  return <Failure error={error} retry={retry} />
}

/** The last known data stays; that it is old is said. */
function Stale({ error, readAt, retry }: { error: Error; readAt: number; retry: () => void }) {
  const fault = faultOf(error)
  return (
    <div className={css.stale} role="status">
      <CloudOff aria-hidden size={18} />
      <span>
        {navigator.onLine ? fault.message : 'You are offline.'} Shown as it was at{' '}
        {new Date(readAt).toLocaleTimeString()}.{fault.requestId && ` Request ${fault.requestId}.`}
      </span>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  )
}
