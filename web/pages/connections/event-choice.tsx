import { Checkbox } from '@mantine/core'
import type { EventName } from '../../../shared/events.ts'
import { allActions } from '../../parts/event-words.ts'
import css from './connections.module.css'

/** Families of events, by the first part of their names, in the order in which they stand. */
const families = {
  approval: 'Approvals',
  permission: 'Permissions of agents',
  value: 'Values',
  secret: 'One-time secrets',
  ask: 'Asks',
  kept: 'Release-only secrets',
  account: 'TOTP accounts',
  agent: 'Agents',
  policy: 'Policies',
  key: 'API keys',
  person: 'People',
  invitation: 'Invitations',
  project: 'Project',
  settings: 'Settings',
  webhook: 'Webhooks',
  channel: 'Channels',
  push: 'Browser notifications',
  audit: 'Audit log',
} as const

/** Every event, in the order of the form. */
export const eventNames = Object.keys(allActions) as EventName[] // the keys of a record are exactly its type's keys

const groups = Object.entries(families).map(([family, title]) => ({
  title,
  names: eventNames.filter((name) => name.startsWith(`${family}.`)),
}))

type Props = { chosen: readonly EventName[]; put: (names: EventName[]) => void; error: string | undefined }

/** Which events, by family; a family is chosen as a whole by its own box. */
export function EventChoice({ chosen, put, error }: Props) {
  const choose = (names: readonly EventName[], on: boolean) =>
    put(eventNames.filter((name) => (names.includes(name) ? on : chosen.includes(name))))
  return (
    <div>
      {error !== undefined && (
        <p role="alert" className={css.fault}>
          {error}
        </p>
      )}
      <fieldset className={css.families} aria-label="It is told of">
        {groups.map(({ title, names }) => {
          const count = names.filter((name) => chosen.includes(name)).length
          return (
            <fieldset key={title} className={css.family}>
              <legend>
                <Checkbox
                  label={title}
                  checked={count === names.length}
                  indeterminate={count > 0 && count < names.length}
                  onChange={() => choose(names, count < names.length)}
                />
              </legend>
              {names.map((name) => (
                <Checkbox
                  key={name}
                  size="sm"
                  label={allActions[name]}
                  description={name}
                  checked={chosen.includes(name)}
                  onChange={(event) => choose([name], event.currentTarget.checked)}
                />
              ))}
            </fieldset>
          )
        })}
      </fieldset>
      <p className={css.small}>
        {chosen.length} of {eventNames.length} chosen
      </p>
    </div>
  )
}
