import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { BadgeCheck, Hourglass, TriangleAlert } from 'lucide-react'
import { useOffset } from '../../parts/now.ts'
import { readingOf } from '../../parts/query.ts'
import { useProject } from '../../project.tsx'
import { Mark } from '../../ui/mark.tsx'
import { Reading } from '../../ui/reading.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import css from './audit.module.css'

const looks = {
  intact: { icon: BadgeCheck, tone: 'ok', word: 'Verified' },
  tampered: { icon: TriangleAlert, tone: 'bad', word: 'Tampered with' },
  empty: { icon: Hourglass, tone: 'quiet', word: 'Nothing sealed yet' },
} as const

/** Whether the log is whole: when that was checked, how far it reaches, and the head to keep elsewhere. */
export function Proof() {
  const { id, api } = useProject()
  const offset = useOffset()
  // Apart from the family `audit`: every event would walk the whole chain again.
  const verify = useQuery({
    queryKey: ['audit-proof', id],
    queryFn: () => api.audit.verify.query({}),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  })
  const head = useQuery({ queryKey: ['audit', id, 'head'], queryFn: () => api.audit.head.query({}) })
  return (
    <section className={css.proof} aria-label="Proof of the log">
      <div className={css.words}>
        <Reading of={readingOf(verify)} bones={1} height={40}>
          {(found) => {
            const { icon, tone, word } = looks[found.verdict]
            return (
              <>
                <Mark icon={icon} tone={tone}>
                  {word}
                </Mark>{' '}
                <When iso={new Date(verify.dataUpdatedAt + offset).toISOString()} />: {found.sealed} entries under{' '}
                {found.seals} seals
                {found.unsealed > 0 && `, ${found.unsealed} newer ones not sealed yet`}
                {found.dropped > 0 && `, ${found.dropped} older ones dropped as the settings say`}.
                {found.faults.length > 0 && (
                  <ul>
                    {found.faults.map(({ seal, sentence }) => (
                      <li key={`${seal} ${sentence}`}>{sentence}</li>
                    ))}
                  </ul>
                )}
              </>
            )
          }}
        </Reading>
        {head.data?.head && (
          <p className={css.note}>
            Head number {head.data.number}:{' '}
            <Take text={JSON.stringify(head.data)} what="the signed head">
              {`${head.data.head.slice(0, 16)}…`}
            </Take>{' '}
            Keep it elsewhere, and no entry before it can change unseen.
          </p>
        )}
      </div>
      <Button variant="default" loading={verify.isFetching} onClick={() => void verify.refetch()}>
        Verify now
      </Button>
    </section>
  )
}
