import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import {
  type ChannelEvent,
  type ChannelKind,
  channelEvents,
  channelKinds,
  everyChannelEvent,
} from '../../../shared/channels.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useFocusFault } from '../../ui/focus-fault.ts'
import { Problem } from '../../ui/problem.tsx'
import type { Channel } from './channels.tsx'
import css from './connections.module.css'

const addresses: Record<ChannelKind, { label: string; hint: string }> = {
  slack: {
    label: 'Incoming webhook URL',
    hint: 'From Slack: Apps → Incoming Webhooks. Mattermost and Rocket.Chat give one like it.',
  },
  teams: {
    label: 'Workflow URL',
    hint: 'From Teams: Workflows → Post to a channel when a webhook request is received.',
  },
  discord: { label: 'Webhook URL', hint: 'From Discord: Channel → Integrations → Webhooks.' },
  ntfy: { label: 'Topic URL', hint: 'As https://ntfy.sh/our-deploys, or on a server of your own.' },
  mail: { label: 'E-mail address', hint: 'One address, as of a mailing list.' },
}

/** Makes a channel, or changes one; only what differs is sent, and an address is never shown again. */
export function ChannelForm({ channel, close }: { channel?: Channel; close: () => void }) {
  const { id, api } = useProject()
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? 'slack')
  const [name, setName] = useState(channel?.name ?? '')
  const [address, setAddress] = useState('')
  const [token, setToken] = useState('')
  const [events, setEvents] = useState<readonly ChannelEvent[]>(channel?.events ?? everyChannelEvent)
  const given = {
    ...(address.trim() === '' ? {} : { address: address.trim() }),
    ...(token.trim() === '' ? {} : { token: token.trim() }),
  }
  const change = useChange({
    run: () =>
      channel
        ? api.channels.update.mutate({ channel_id: channel.id, name: name.trim(), events: [...events], ...given })
        : api.channels.create.mutate({
            kind,
            name: name.trim(),
            events: [...events],
            address: address.trim(),
            ...given,
          }),
    stale: [['channels', id]],
    says: channel ? 'Saved.' : 'The channel is there. Send it a test message.',
    done: close,
    here: true,
  })
  const form = useFocusFault(change.fault)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void change.go()
  }
  return (
    <Dialog opened size="lg" close={close} title={channel ? `Change ${visible(channel.name)}` : 'New channel'}>
      <form ref={form} className={css.form} noValidate aria-label="Channel" onSubmit={submit}>
        {!channel && (
          <NativeSelect
            label="Kind"
            data={Object.entries(channelKinds).map(([value, label]) => ({ value, label }))}
            value={kind}
            onChange={({ currentTarget }) =>
              // The keys of the record are the kinds.
              setKind((Object.keys(channelKinds) as ChannelKind[]).find((one) => one === currentTarget.value) ?? kind)
            }
          />
        )}
        <TextInput
          label="Name"
          description="What people call it here."
          value={name}
          error={change.at('name')}
          maxLength={100}
          required
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={addresses[kind].label}
          description={channel ? 'Empty: it stays as it is.' : addresses[kind].hint}
          value={address}
          error={change.at('address')}
          autoComplete="off"
          spellCheck={false}
          required={!channel}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        {kind === 'ntfy' && (
          <TextInput
            label="Access token"
            description={channel?.has_token ? 'Empty: it stays as it is.' : 'Only where the topic asks for one.'}
            value={token}
            error={change.at('token')}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        )}
        <Checkbox.Group
          label="It is told when"
          error={change.at('events')}
          value={[...events]}
          onChange={(chosen) => setEvents(everyChannelEvent.filter((one) => chosen.includes(one)))}
        >
          <div className={css.choices}>
            {everyChannelEvent.map((event) => (
              <Checkbox key={event} value={event} label={channelEvents[event]} />
            ))}
          </div>
        </Checkbox.Group>
        {change.fault?.issues.length === 0 && <Problem fault={change.fault} />}
        <div className={css.buttons}>
          <Button type="submit" loading={change.busy}>
            {channel ? 'Save' : 'Make channel'}
          </Button>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
