import { calls, whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { useProject } from '../../project.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { ChangeRole } from './change-role.tsx'
import { nameOf, type Person } from './person.ts'
import { Resend } from './resend.tsx'

export type Doing = { act: 'role' | 'disable' | 'leave' | 'resend' | 'revoke'; person: Person }

const words = {
  disable: {
    title: (name: string, project: string) => `Disable ${name} in ${project}?`,
    verb: 'Disable',
    ends: 'At once, on every node: their membership of this project and the API keys that they made in it. Their sessions end too when this was their last project. What they did stays on record, and they can be invited again.',
  },
  leave: {
    title: (_name: string, project: string) => `Leave ${project}?`,
    verb: 'Leave project',
    ends: 'Your membership ends at once, and with it the API keys that you made in this project. Somebody has to invite you to come back.',
  },
  revoke: {
    title: (name: string) => `Revoke the invitation of ${name}?`,
    verb: 'Revoke invitation',
    ends: 'Its link opens nothing from now on. You can invite the address again.',
  },
} as const

/** The dialog of what was chosen about one person or invitation. */
export function Acts({ doing, close }: { doing: Doing | undefined; close: () => void }) {
  const { id, name: project, api } = useProject()
  const end = useChange({
    run: async ({ act, person }: Doing) => {
      if (act === 'disable') await api.users.disable.mutate({ userId: person.id })
      if (act === 'revoke') await api.users.uninvite.mutate({ invitationId: person.id })
      if (act === 'leave') await api.users.leave.mutate({})
    },
    says: (_result, { act, person }) =>
      ({ disable: `${nameOf(person)} is disabled.`, revoke: 'The invitation is revoked.' })[act as string] ?? 'Done.',
    stale: [['people', id]],
    here: true,
    done: (_result, { act }) => {
      if (act !== 'leave') return
      calls.removeQueries({ queryKey: whoAmI.queryKey })
      location.assign('/p')
    },
  })
  const leave = () => {
    end.forget()
    close()
  }
  if (doing?.act === 'role') return <ChangeRole person={doing.person} close={close} />
  if (doing?.act === 'resend') return <Resend person={doing.person} close={close} />
  const said = doing && words[doing.act]
  return (
    <ConfirmDialog
      opened={doing !== undefined}
      close={leave}
      title={doing && said ? said.title(nameOf(doing.person), project) : ''}
      verb={said?.verb ?? ''}
      confirm={async () => doing !== undefined && (await end.go(doing))}
      busy={end.busy}
      fault={end.fault}
    >
      {said?.ends}
    </ConfirmDialog>
  )
}
