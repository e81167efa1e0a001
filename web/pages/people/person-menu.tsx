import { DoorOpen, Link2, MailX, MoreHorizontal, ShieldHalf, UserMinus } from 'lucide-react'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import type { Doing } from './acts.tsx'
import css from './people.module.css'
import { nameOf, type Person } from './person.ts'

type Props = { person: Person; me: boolean; manages: boolean; choose: (doing: Doing) => void }

/** What can be done about one person or invitation, by whom. */
function itemsFor({ person, me, manages, choose }: Props): MenuItem[] {
  const item = (act: Doing['act'], label: string, icon: MenuItem['icon'], danger = false): MenuItem => ({
    label,
    ...(icon ? { icon } : {}),
    danger,
    run: () => choose({ act, person }),
  })
  if (person.kind === 'invitation')
    return manages
      ? [item('resend', 'Send again or copy link', Link2), item('revoke', 'Revoke invitation', MailX, true)]
      : []
  if (person.status === 'disabled') return []
  const role = manages ? [item('role', 'Change role', ShieldHalf)] : []
  if (me) return [...role, item('leave', 'Leave project', DoorOpen, true)]
  return manages ? [...role, item('disable', 'Disable', UserMinus, true)] : []
}

export function PersonMenu(props: Props) {
  const items = itemsFor(props)
  if (items.length === 0) return '—'
  return (
    <Menu
      label={`Actions for ${nameOf(props.person)}`}
      className={css.more}
      face={<MoreHorizontal aria-hidden size={18} />}
      groups={[items]}
    />
  )
}
