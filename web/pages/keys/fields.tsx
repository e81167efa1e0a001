import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import type { Transport } from '../../../shared/scopes.ts'
import type { Change } from '../../change.ts'
import { FilterTime } from '../../ui/filters.tsx'
import { Fold } from '../../ui/fold.tsx'
import { LinesField } from '../../ui/lines-field.tsx'
import { LiveOrTest } from '../../ui/live-or-test.tsx'
import { AccountTags } from './account-tags.tsx'
import type { KeyForm } from './form.ts'
import css from './keys.module.css'
import { Own } from './own.tsx'
import { Scopes } from './scopes.tsx'

type Props = {
  form: KeyForm
  put: (words: Partial<KeyForm>) => void
  at: Change<never>['at']
  /** What can be said of a key once only, when it is made. */
  fresh: boolean
  lockedOut: boolean
}

/** Three fields; what restricts a key is folded away. */
export function KeyFields({ form, put, at, fresh, lockedOut }: Props) {
  return (
    <div className={css.form}>
      <TextInput
        label="Name"
        description="For people to tell keys apart."
        required
        maxLength={100}
        data-autofocus
        value={form.name}
        error={at('name')}
        onChange={(event) => put({ name: event.currentTarget.value })}
      />
      <Scopes value={form.scopes} change={(scopes) => put({ scopes })} fault={at('scopes')} />
      <Fold
        summary="Restrictions and options"
        open={
          !fresh || lockedOut || Boolean(at('ip_allowlist')) || Boolean(at('key_paths')) || Boolean(at('account_tags'))
        }
      >
        {fresh && (
          <div>
            <LiveOrTest value={form.env} put={(env) => put({ env })} />
            <p className={css.small}>Test keys see and make test objects only.</p>
          </div>
        )}
        <Textarea
          label="Description"
          rows={2}
          value={form.description}
          error={at('description')}
          onChange={(event) => put({ description: event.currentTarget.value })}
        />
        <LinesField
          label="Only these key paths"
          description="One per line, each with all below it. Empty: any."
          value={form.paths}
          error={at('key_paths')}
          change={(paths) => put({ paths })}
        />
        <AccountTags form={form} put={put} fault={at('account_tags')} />
        <LinesField
          label="Only from these addresses"
          description="One IP address or network (CIDR) per line, v4 or v6. Empty: any."
          value={form.allowlist}
          error={at('ip_allowlist')}
          change={(allowlist) => put({ allowlist })}
        />
        {lockedOut && (
          <Checkbox
            label="Save it although it excludes the address that I come from"
            checked={form.lockout}
            onChange={(event) => put({ lockout: event.currentTarget.checked })}
          />
        )}
        <FilterTime
          label="Ends (empty: never)"
          value={form.expires || undefined}
          put={(expires) => put({ expires: expires ?? '' })}
        />
        <Transports value={form.transports} change={(transports) => put({ transports })} />
        <Logged form={form} put={put} />
        {fresh && <Own value={form.own} change={(own) => put({ own })} fault={at('key')} />}
      </Fold>
    </div>
  )
}

const ways = {
  header: 'Authorization header',
  basic: 'Basic authentication',
  query: 'Query parameter key (ends up in logs of proxies)',
  form: 'Form field key',
  json: 'JSON field API_Key',
} as const satisfies Record<Transport, string>

function Transports({ value, change }: { value: KeyForm['transports']; change: (value: Transport[]) => void }) {
  const all = Object.keys(ways) as Transport[]
  return (
    <Checkbox.Group
      label="Ways it may arrive"
      size="md"
      value={[...value]}
      onChange={(next) => change(all.filter((way) => next.includes(way)))}
    >
      <div className={css.kinds}>
        {all.map((way) => (
          <Checkbox key={way} value={way} label={ways[way]} />
        ))}
      </div>
    </Checkbox.Group>
  )
}

const bodies = { none: 'Neither', request: 'Of requests', response: 'Of replies', both: 'Of both' } as const

function Logged({ form, put }: Pick<Props, 'form' | 'put'>) {
  const kinds = Object.keys(bodies) as (keyof typeof bodies)[]
  return (
    <div>
      <NativeSelect
        label="Keep bodies in the access log"
        value={form.logging}
        data={kinds.map((value) => ({ value, label: bodies[value] }))}
        onChange={({ currentTarget }) => put({ logging: kinds.find((one) => one === currentTarget.value) ?? 'none' })}
      />
      {form.logging !== 'none' && (
        <>
          <p className={css.small}>
            Secrets are taken out, but bodies cost time and space, and admins read them. It turns itself off.
          </p>
          <NativeSelect
            label="Turn off after"
            value={String(form.hours)}
            data={[
              { value: '1', label: '1 hour' },
              { value: '24', label: '24 hours' },
              { value: '72', label: '3 days' },
              { value: '167', label: '7 days' },
            ]}
            onChange={(event) => put({ hours: Number(event.currentTarget.value) })}
          />
        </>
      )}
    </div>
  )
}
