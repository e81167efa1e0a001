import { NativeSelect, NumberInput } from '@mantine/core'
import type { Change } from '../../../change.ts'
import { FilterTime } from '../../../ui/filters.tsx'
import css from './account.module.css'
import type { GrantWish, Long } from './grant-wish.ts'

const words = {
  forever: 'Until it is revoked',
  '60': '1 hour',
  '1440': '1 day',
  '43200': '30 days',
  date: 'Until a date…',
  count: 'A number of codes…',
} as const satisfies Record<Long, string>

// In the order in which they are offered; an object would put the numbers first.
const order = ['forever', '60', '1440', '43200', 'date', 'count'] as const satisfies readonly Long[]

type Props = { wish: GrantWish; put: (words: Partial<GrantWish>) => void; at: Change<never>['at'] }

/** How long somebody may use an account, or how many codes they get. */
export function LongField({ wish, put, at }: Props) {
  const { long } = wish
  return (
    <>
      <NativeSelect
        label="How long"
        value={long}
        error={long === 'forever' || long === 'date' || long === 'count' ? undefined : at('minutes')}
        data={order.map((value) => ({ value, label: words[value] }))}
        onChange={({ currentTarget }) => put({ long: order.find((one) => one === currentTarget.value) ?? 'forever' })}
      />
      {long === 'date' && (
        <div>
          <FilterTime
            label="Until"
            value={wish.until || undefined}
            put={(until) => put({ until: until ?? '' })}
            error={at('expires_at')}
          />
        </div>
      )}
      {long === 'count' && (
        <>
          <div className={css.row}>
            <Whole
              label="Codes in all"
              value={wish.codes}
              put={(codes) => put({ codes })}
              most={100}
              error={at('codes')}
            />
            <Whole
              label="Within minutes"
              value={wish.minutes}
              put={(minutes) => put({ minutes })}
              most={525_600}
              error={at('minutes')}
            />
          </div>
          <p className={css.small}>One code for each time step, and never the next one ahead of its time.</p>
        </>
      )}
    </>
  )
}

type WholeProps = {
  label: string
  value: number
  put: (value: number) => void
  most: number
  error: string | undefined
}

const Whole = ({ value, put, most, ...words }: WholeProps) => (
  <NumberInput
    {...words}
    value={Number.isNaN(value) ? '' : value}
    onChange={(next) => put(typeof next === 'number' ? next : Number.NaN)}
    min={1}
    max={most}
    clampBehavior="none"
    allowDecimal={false}
    allowNegative={false}
    hideControls
  />
)
