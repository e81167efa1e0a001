import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { clientOf } from '../../call.ts'
import { useChange } from '../../change.ts'
import { readingOf } from '../../parts/query.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Section } from '../../ui/page.tsx'
import { Reading } from '../../ui/reading.tsx'
import { When } from '../../ui/when.tsx'
import css from './account.module.css'
import { deviceIn } from './device.ts'

const key = ['sessions']

/** Where one is signed in, and ending it. */
export function Sessions() {
  const sessions = useQuery({ queryKey: key, queryFn: () => clientOf().me.sessions.query({}) })
  const [asking, setAsking] = useState(false)
  const end = useChange({
    run: (id: string) => clientOf().me.revokeSession.mutate({ id }),
    says: 'That session has ended.',
    stale: [key],
  })
  const others = useChange({
    run: () => clientOf().me.revokeOtherSessions.mutate({}),
    says: ({ ended }) => `${ended} ${ended === 1 ? 'session has' : 'sessions have'} ended.`,
    stale: [key],
    here: true,
  })
  const many = (sessions.data?.length ?? 0) > 1
  return (
    <Section
      title="Sessions"
      lead="Browsers that are signed in as you. Ending one takes effect at its next request."
      actions={
        many && (
          <Button variant="default" onClick={() => setAsking(true)}>
            End all others
          </Button>
        )
      }
    >
      <Reading of={readingOf(sessions)} bones={2}>
        {(list) => (
          <ul className={css.list}>
            {list.map((one) => (
              <li key={one.id} className={css.item}>
                <div>
                  <strong>{deviceIn(one.user_agent)}</strong>
                  {one.current && <span className={css.on}>&nbsp;· this one</span>}
                  <div className={css.quiet}>
                    {one.ip ?? 'unknown address'} · signed in <When iso={one.created_at} /> · seen{' '}
                    <When iso={one.seen_at} /> · ends <When iso={one.expires_at} />
                    {one.remembered && ' · remembered'}
                  </div>
                </div>
                {!one.current && (
                  <Button
                    variant="default"
                    aria-label={`End the session of ${deviceIn(one.user_agent)}`}
                    loading={end.busy}
                    onClick={() => void end.go(one.id)}
                  >
                    End
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Reading>
      <ConfirmDialog
        opened={asking}
        close={() => setAsking(false)}
        title="End all other sessions?"
        verb="End other sessions"
        confirm={() => others.go()}
        busy={others.busy}
        fault={others.fault}
      >
        Every other browser is signed out at its next request. This one stays.
      </ConfirmDialog>
    </Section>
  )
}
