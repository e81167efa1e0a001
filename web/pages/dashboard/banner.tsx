import { CloudOff, Radio, RefreshCw } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import css from './banner.module.css'

/** Whether the browser has a network at all. */
const useOnline = () =>
  useSyncExternalStore(
    (listener) => {
      addEventListener('online', listener)
      addEventListener('offline', listener)
      return () => {
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
      }
    },
    () => navigator.onLine,
  )

/** Says over the whole width that there is no network: what is on show may have changed meanwhile. */
export function Banner() {
  const online = useOnline()
  return (
    <div role="status">
      {!online && (
        <p className={css.banner}>
          <CloudOff aria-hidden size={16} />
          You are offline. What you see is from before; it is read again as soon as there is a connection.
        </p>
      )}
    </div>
  )
}

/** Whether changes come by themselves, or are asked for. Nothing is said in the first seconds, while it connects. */
export function LiveMark({ live }: { live: boolean }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 4000)
    return () => clearTimeout(timer)
  }, [])
  if (!live && !late) return null
  return (
    <span className={css.live} data-live={live || undefined}>
      {live ? <Radio aria-hidden size={14} /> : <RefreshCw aria-hidden size={14} />}
      <span>{live ? 'Live' : 'Every 5 s'}</span>
      <span className="unseen">{live ? ': changes appear by themselves' : ': live updates do not arrive'}</span>
    </span>
  )
}
