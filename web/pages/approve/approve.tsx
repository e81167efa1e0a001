import { Shell } from '../../ui/shell.tsx'
import { Live } from './live.tsx'
import { Loading } from './loading.tsx'
import { useReading } from './reading.ts'
import { Unread } from './unread.tsx'

/** The approval page: what is asked, the buttons, and what became of it. Opening it decides nothing. */
export function Approve({ token }: { token: string }) {
  const { data, error, isFetching, refetch } = useReading(token)
  const again = () => void refetch({ cancelRefetch: true })
  return (
    <Shell side="Approval request">
      {data ? (
        <Live token={token} seen={data} fault={error} again={again} />
      ) : error ? (
        <Unread fault={error} busy={isFetching} again={again} />
      ) : (
        <Loading />
      )}
    </Shell>
  )
}
