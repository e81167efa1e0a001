import { Button, NativeSelect } from '@mantine/core'
import { Plus, X } from 'lucide-react'
import { LinesField } from '../../ui/lines-field.tsx'
import css from './new.module.css'
import type { Group } from './new-form.ts'

const counts = Array.from({ length: 10 }, (_, at) => String(at + 1))

/** An approval takes so many groups. */
const most = 5

type Props = { groups: readonly Group[]; put: (groups: Group[]) => void; at: (field: string) => string | undefined }

/** Who must agree. One group and one person is the usual case and reads as one field. */
export function Groups({ groups, put, at: faultAt }: Props) {
  const change = (id: number, part: Partial<Group>) =>
    put(groups.map((group) => (group.id === id ? { ...group, ...part } : group)))
  const several = groups.length > 1
  return (
    <>
      {groups.map(({ id, names, required }, at) => (
        <fieldset key={id} className={css.group}>
          <legend>{several ? `Group ${at + 1}` : 'Who must agree'}</legend>
          <LinesField
            label={several ? `People of group ${at + 1}` : 'Only these people'}
            description="One e-mail address or role (as role:ADMIN) per line. You are excluded then. Empty: any member."
            value={names}
            error={faultAt(several ? `approvers.${at}` : 'approvers')}
            change={(text) => change(id, { names: text })}
          />
          {names.trim() !== '' && (
            <NativeSelect
              label={several ? `How many of group ${at + 1} must agree` : 'How many of them must agree'}
              data={counts}
              value={String(required)}
              onChange={(event) => change(id, { required: Number(event.currentTarget.value) })}
            />
          )}
          {several && (
            <Button
              variant="subtle"
              leftSection={<X aria-hidden size={16} />}
              onClick={() => put(groups.filter((group) => group.id !== id))}
            >
              Remove group {at + 1}
            </Button>
          )}
        </fieldset>
      ))}
      {groups.length < most && groups.every(({ names }) => names.trim() !== '') && (
        <Button
          variant="default"
          leftSection={<Plus aria-hidden size={16} />}
          onClick={() => put([...groups, { id: Math.max(...groups.map(({ id }) => id)) + 1, names: '', required: 1 }])}
        >
          Add a group that must agree as well
        </Button>
      )}
    </>
  )
}
