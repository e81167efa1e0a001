import { Button } from '@mantine/core'
import { useState } from 'react'
import { channelEvents, channelKinds } from '../../../shared/channels.ts'
import { visible } from '../../../shared/visible.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { AskButton } from '../../ui/ask-button.tsx'
import { Details } from '../../ui/details.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Take } from '../../ui/take.tsx'
import { When } from '../../ui/when.tsx'
import { ChannelForm } from './channel-form.tsx'
import type { Channel } from './channels.tsx'
import css from './connections.module.css'
import { OnOff } from './on-off.tsx'
import { StateMark } from './state.tsx'
import { TestSend } from './test-send.tsx'

type Props = { channel: Channel; close: () => void }

const Told = ({ of }: { of: NonNullable<Channel['events']> }) => (
  <ul className={css.told}>
    {of.map((event) => (
      <li key={event}>{channelEvents[event]}</li>
    ))}
  </ul>
)

/** One channel: where it is, what it is told of, and whether that arrives. */
export function ChannelDrawer({ channel, close }: Props) {
  const { id, api } = useProject()
  const [editing, setEditing] = useState(false)
  const one = { channel_id: channel.id }
  const stale = [['channels', id]]
  const turn = useChange({ run: (enabled: boolean) => api.channels.update.mutate({ ...one, enabled }), stale })
  const end = useChange({
    run: () => api.channels.delete.mutate(one),
    stale,
    says: 'The channel is gone.',
    done: close,
    here: true,
  })
  return (
    <Dialog opened drawer size="lg" close={close} title={visible(channel.name)}>
      <div className={css.drawer}>
        <div>
          <StateMark of={channel} />
        </div>
        <Details
          of={[
            ['Kind', channelKinds[channel.kind]],
            ['Address', channel.address !== undefined && visible(channel.address)],
            ['Access token', channel.has_token === true && 'One is stored.'],
            ['Told when', channel.events && <Told key="told" of={channel.events} />],
            ['Failing since', channel.failing_since && <When iso={channel.failing_since} />],
            ['Made by', channel.created_by && visible(channel.created_by.name)],
            ['Channel id', <Take key="id" text={channel.id} what="the id" />],
          ]}
        />
        <TestSend what="message" send={() => api.channels.test.mutate(one)} />
        <div className={css.buttons}>
          <Button variant="default" onClick={() => setEditing(true)}>
            Change…
          </Button>
          <OnOff on={channel.enabled !== false} change={turn} />
          <AskButton
            label="Delete…"
            title={`Delete the channel ${visible(channel.name)}?`}
            verb="Delete channel"
            confirm={() => end.go()}
            busy={end.busy}
            fault={end.fault}
          >
            It is told of nothing any more, and its address is forgotten. What is on its way is not sent.
          </AskButton>
        </div>
      </div>
      {editing && <ChannelForm channel={channel} close={() => setEditing(false)} />}
    </Dialog>
  )
}
