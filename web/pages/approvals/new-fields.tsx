import { Button, NativeSelect, NumberInput, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Change } from '../../change.ts'
import { Markdown } from '../../parts/markdown.tsx'
import { Actions } from '../approve/actions.tsx'
import css from './new.module.css'
import { ButtonFields } from './new-button.tsx'
import { type NewForm, ttls } from './new-form.ts'

export type FieldProps = { form: NewForm; put: (words: Partial<NewForm>) => void; at: Change<never>['at'] }

/** What is asked, what can be answered, and how long there is. */
export function NewFields({ form, put, at }: FieldProps) {
  const last = form.buttons[form.buttons.length - 1]?.id ?? 0
  return (
    <>
      <TextInput
        label="Key path"
        description="The value that the decision sets, as deploy/prod."
        required
        value={form.path}
        error={at('key_path')}
        onChange={(event) => put({ path: event.currentTarget.value })}
      />
      <Textarea
        label="What is asked"
        description="Markdown: **bold**, `code`, lists, links."
        rows={3}
        value={form.info}
        error={at('info')}
        onChange={(event) => put({ info: event.currentTarget.value })}
      />
      {form.info.trim() !== '' && (
        <section className={css.preview} aria-label="Preview of what is asked">
          <p className={css.caption}>Preview</p>
          <Markdown text={form.info} />
        </section>
      )}
      <SegmentedControl
        aria-label="Buttons"
        value={form.simple ? 'simple' : 'own'}
        data={[
          { value: 'simple', label: 'One Approve button' },
          { value: 'own', label: 'Buttons of my own' },
        ]}
        onChange={(next) => put({ simple: next === 'simple' })}
      />
      {form.simple ? (
        <Textarea
          label="Value that Approve sets"
          rows={1}
          value={form.value}
          error={at('value')}
          onChange={(event) => put({ value: event.currentTarget.value })}
        />
      ) : (
        <>
          {form.buttons.map((button, index) => (
            <ButtonFields
              key={button.id}
              button={button}
              index={index}
              at={at}
              put={(next) => put({ buttons: form.buttons.map((one) => (one.id === button.id ? next : one)) })}
              drop={
                form.buttons.length > 1
                  ? () => put({ buttons: form.buttons.filter((one) => one.id !== button.id) })
                  : undefined
              }
            />
          ))}
          {form.buttons.length < 3 && (
            <Button
              variant="default"
              onClick={() =>
                put({
                  buttons: [...form.buttons, { id: last + 1, key: '', label: '', value: '', style: 'default' }],
                })
              }
            >
              Add a button
            </Button>
          )}
          <div className={css.preview} role="img" aria-label="Preview of the buttons">
            <p className={css.caption}>Preview</p>
            <div inert>
              <Actions
                actions={form.buttons.map(({ id, label, key, style }) => ({
                  key: String(id),
                  label: label.trim() || key || 'Button',
                  style,
                }))}
                still={false}
                chosen={undefined}
                sending={false}
                press={() => undefined}
              />
            </div>
          </div>
        </>
      )}
      <Ttl seconds={form.ttl} put={(ttl) => put({ ttl })} fault={at('ttl_seconds')} />
    </>
  )
}

function Ttl({ seconds, put, fault }: { seconds: number; put: (seconds: number) => void; fault: string | undefined }) {
  const [own, setOwn] = useState(false)
  return (
    <div className={css.pair}>
      <NativeSelect
        label="Time to decide"
        value={own ? 'own' : String(seconds)}
        error={own ? undefined : fault}
        data={[...Object.entries(ttls).map(([value, label]) => ({ value, label })), { value: 'own', label: 'Other…' }]}
        onChange={({ currentTarget: { value } }) => {
          setOwn(value === 'own')
          if (value !== 'own') put(Number(value))
        }}
      />
      {own && (
        <NumberInput
          label="Minutes"
          min={1}
          max={43_200}
          allowDecimal={false}
          value={Math.round(seconds / 60)}
          error={fault}
          onChange={(minutes) => put(Number(minutes) * 60)}
        />
      )}
    </div>
  )
}
