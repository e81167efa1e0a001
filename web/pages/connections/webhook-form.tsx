import { Button, Radio, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { EventName } from '../../../shared/events.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useFocusFault } from '../../ui/focus-fault.ts'
import { Problem } from '../../ui/problem.tsx'
import css from './connections.module.css'
import { EventChoice, eventNames } from './event-choice.tsx'
import { SecretShown } from './secret-shown.tsx'
import { nameOf, type Webhook } from './webhooks.tsx'

/** Makes a webhook, and shows its signing secret once; or changes one. */
export function WebhookForm({ webhook, close }: { webhook?: Webhook; close: () => void }) {
  const { id, api } = useProject()
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [description, setDescription] = useState(webhook?.description ?? '')
  const [chosen, setChosen] = useState<readonly EventName[] | null>(
    webhook?.events ? eventNames.filter((name) => webhook.events?.includes(name)) : null,
  )
  const [secret, setSecret] = useState<string>()
  const change = useChange({
    run: async () => {
      const wish = { url: url.trim(), description: description.trim(), events: chosen === null ? null : [...chosen] }
      if (!webhook) return setSecret((await api.webhooks.create.mutate(wish)).secret)
      await api.webhooks.update.mutate({ webhook_id: webhook.id, ...wish })
      close()
    },
    stale: [['webhooks', id]],
    here: true,
  })
  const form = useFocusFault(change.fault)
  if (secret !== undefined)
    return (
      <Dialog opened size="lg" close={() => undefined} title="Store the signing secret">
        <SecretShown secret={secret} done={close} />
      </Dialog>
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void change.go()
  }
  return (
    <Dialog opened size="lg" close={close} title={webhook ? `Change ${nameOf(webhook)}` : 'New webhook'}>
      <form ref={form} className={css.form} noValidate aria-label="Webhook" onSubmit={submit}>
        <TextInput
          label="URL"
          description="https, at a public address. Who runs this service can allow receivers inside."
          value={url}
          error={change.at('url')}
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          required
          data-autofocus
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label="Description"
          value={description}
          error={change.at('description')}
          maxLength={200}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Radio.Group
          label="Events"
          value={chosen === null ? 'all' : 'some'}
          onChange={(value) =>
            setChosen(value === 'all' ? null : eventNames.filter((name) => name.startsWith('approval.')))
          }
        >
          <div className={css.choices}>
            <Radio value="all" label="All, also those that later versions add" />
            <Radio value="some" label="Only these" />
          </div>
        </Radio.Group>
        {chosen !== null && <EventChoice chosen={chosen} put={setChosen} error={change.at('events')} />}
        {change.fault?.issues.length === 0 && <Problem fault={change.fault} />}
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy}>
            {webhook ? 'Save' : 'Make webhook'}
          </Button>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
