import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { BookOpen, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import { calls } from '../../call.ts'
import { useChange } from '../../change.ts'
import { signOut } from '../../sign-in.ts'
import { Menu } from '../../ui/menu.tsx'
import css from './account-menu.module.css'

/** The colour schemes to choose from. */
export const schemes = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'auto', label: 'As the system', icon: Monitor },
] as const satisfies readonly { value: MantineColorScheme; label: string; icon: unknown }[]

const initials = (name: string) =>
  name
    .split(/\s+/)
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()

/** Who is signed in, what is theirs, and the way out. */
export function AccountMenu({ me }: { me: { name: string; email: string } }) {
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = useChange({
    run: signOut,
    done: () => {
      // Nothing that was read as this person may be shown to the next one: a new page forgets all of it.
      calls.clear()
      location.assign('/sign-in')
    },
  })
  return (
    <Menu
      label={`Account of ${me.name}`}
      className={css.account}
      face={<span aria-hidden>{initials(me.name)}</span>}
      head={
        <>
          <strong>{me.name}</strong>
          <br />
          {me.email}
        </>
      }
      groups={[
        [
          { label: 'Account', icon: UserRound, run: () => void navigate({ to: '/account' }) },
          { label: 'Documentation', icon: BookOpen, run: () => location.assign('/docs') },
        ],
        schemes.map(({ value, label, icon }) => ({
          label,
          icon,
          chosen: colorScheme === value,
          run: () => setColorScheme(value),
        })),
        [{ label: 'Sign out', icon: LogOut, run: () => void leave.go() }],
      ]}
    />
  )
}
