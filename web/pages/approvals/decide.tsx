import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { whoAmI } from '../../call.ts'
import { useChange } from '../../change.ts'
import { useNow } from '../../parts/now.ts'
import { useProject } from '../../project.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Actions } from '../approve/actions.tsx'
import { Confirm } from '../approve/confirm.tsx'
import { Countdown } from '../approve/countdown.tsx'
import { Fields } from '../approve/fields.tsx'
import { type Entered, emptyForm, faultsIn, filledFrom } from '../approve/form.ts'
import { proofOf } from '../approve/member.tsx'
import pending from '../approve/pending.module.css'
import type { Opened } from '../approve/reading.ts'
import type { Approval } from './approval.tsx'

type Action = Approval['actions'][number]

/** What the fields of the approval page read of an approval. */
const asOpened = (approval: Approval, project: string): Opened => ({
  status: approval.status,
  project,
  key_path: approval.key_path,
  info: approval.info,
  ref_id: approval.ref_id,
  payload: approval.payload,
  actions: approval.actions.map(({ key, label, style }) => ({ key, label, style })),
  requested_by: { name: approval.created_by.name, type: approval.created_by.type },
  created_at: approval.created_at,
  expires_at: approval.expires_at,
  server_time: approval.created_at,
  progress: approval.progress,
  release: approval.release,
  needs: { ...approval.needs, sign_in: true },
  attempts_left: approval.attempts_left,
  csrf_token: '',
  action_hash: approval.action_hash,
})

/** Decides by name, with the care of the approval page: what is asked for first, then the press, then again for danger. */
export function Decide({ approval }: { approval: Approval }) {
  const { id, name, api } = useProject()
  const client = useQueryClient()
  const now = useNow()
  const passkeys = useQuery(whoAmI).data?.passkeys.map(({ credential_id }) => credential_id)
  const [entered, setEntered] = useState<Entered>(emptyForm)
  const [checked, setChecked] = useState(false)
  const [asked, setAsked] = useState<Action>()
  const [sent, setSent] = useState<string>()
  const form = useRef<HTMLFormElement>(null)
  const change = useChange({
    run: async (action: Action) => {
      const { approval_id, action_hash } = approval
      const proof = approval.needs.passkey ? await proofOf(action_hash, passkeys) : {}
      try {
        return await api.approvals.decide.mutate({
          approval_id,
          action_hash,
          action: action.key,
          ...filledFrom(entered, approval.needs),
          ...proof,
        })
      } finally {
        // Whatever was answered, or lost on the way: what is stored says what became of it.
        void client.invalidateQueries({ queryKey: ['approvals', id] })
      }
    },
    stale: [
      ['inbox', id],
      ['values', id],
    ],
    says: ({ status }, action) => `${status === 'pending' ? 'Your vote counts' : 'Decided'}: ${action.label}`,
    here: true,
  })
  const over = Date.parse(approval.expires_at) <= now
  const needs = { ...approval.needs, sign_in: true }
  const faults = checked ? faultsIn(entered, needs) : {}
  const opened = asOpened(approval, name)
  const byField = change.fault?.code === 'WRONG_PIN' || change.fault?.code === 'WRONG_MATCH_NUMBER'

  const press = async (action: Action, confirmed: boolean) => {
    setChecked(true)
    const [first] = Object.keys(faultsIn(entered, needs))
    if (first) {
      setAsked(undefined)
      form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus()
    } else if (action.style === 'danger' && !confirmed) setAsked(action)
    else if (!change.busy && !over) {
      setSent(action.key)
      setAsked(undefined)
      await change.go(action)
      // A wrong PIN or number is typed anew, and never sent twice by habit.
      setEntered((before) => ({ ...before, pin: '', match_number: '' }))
      setChecked(false)
    }
  }
  const find = (key: string) => approval.actions.find((one) => one.key === key)

  if (approval.needs.passkey && passkeys?.length === 0)
    return (
      <p>
        This asks for a passkey, and you have none. <Link to="/account">Add one in your account</Link>, then decide.
      </p>
    )
  return (
    <form
      ref={form}
      className={pending.decide}
      data-inside
      aria-label="Your decision"
      onSubmit={(event: FormEvent) => event.preventDefault()}
      noValidate
    >
      <Countdown approval={opened} now={now} />
      <Fields
        approval={opened}
        entered={entered}
        change={setEntered}
        faults={faults}
        refused={byField ? (change.fault ?? null) : null}
      />
      {!byField && <Problem fault={change.fault} />}
      <Actions
        actions={opened.actions}
        still={change.busy || over}
        chosen={asked?.key ?? (change.busy ? sent : undefined)}
        sending={change.busy}
        press={({ key }) => {
          const action = find(key)
          if (action) void press(action, false)
        }}
      />
      {asked && (
        <Confirm
          action={asked}
          still={change.busy || over}
          yes={() => void press(asked, true)}
          no={() => setAsked(undefined)}
        />
      )}
    </form>
  )
}
