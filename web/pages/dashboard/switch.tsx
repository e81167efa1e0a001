import { Switch } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Check, ChevronsUpDown, Plus } from 'lucide-react'
import { useState } from 'react'
import { roles } from '../../../shared/roles.ts'
import type { Project } from '../../project.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu } from '../../ui/menu.tsx'
import css from './switch.module.css'

type Mine = { id: string; name: string; role: Project['role'] }

/** Which project this is, and the others to go to. */
export function ProjectMenu({ here, projects }: { here: Project; projects: readonly Mine[] }) {
  const navigate = useNavigate()
  const others = projects.map(({ id, name, role }) => ({
    label: name,
    hint: role.charAt(0) + role.slice(1).toLowerCase(),
    chosen: id === here.liveId,
    run: () => void navigate({ to: '/p/$project', params: { project: id } }),
  }))
  const make = { label: 'New project', icon: Plus, run: () => void navigate({ to: '/projects/new' }) }
  return (
    <Menu
      label={`Project ${here.name}; choose another`}
      className={css.project}
      face={
        <>
          <span>{here.name}</span>
          <ChevronsUpDown aria-hidden size={16} />
        </>
      }
      groups={[others, [make]]}
    />
  )
}

/** Between the project and its twin with the test objects. */
export function TestSwitch({ here }: { here: Project }) {
  const navigate = useNavigate()
  const [told, setTold] = useState(false)
  const turn = () => {
    const to = here.testing ? here.liveId : here.testId
    if (to === null) return setTold(true)
    void navigate({ to: '/p/$project', params: { project: to } })
  }
  return (
    <>
      <Switch
        size="sm"
        label="Test mode"
        checked={here.testing}
        onChange={turn}
        thumbIcon={here.testing && <Check aria-hidden size={10} color="var(--text)" />}
      />
      <Dialog opened={told} close={() => setTold(false)} title="There are no test objects yet">
        <p>
          What test keys make is kept apart from the rest of the project, and shown in test mode.{' '}
          {roles.indexOf(here.role) >= roles.indexOf('ADMIN') ? (
            <a href={`/p/${here.id}/keys/new`}>Create a test key</a>
          ) : (
            'An admin can create a test key'
          )}{' '}
          and use it once; this switch works from then on.
        </p>
      </Dialog>
    </>
  )
}
