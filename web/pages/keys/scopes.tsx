import { Checkbox, Radio } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { Fragment, useState } from 'react'
import { atLeast, roleOf } from '../../../shared/roles.ts'
import { presets, type Scope, scopes } from '../../../shared/scopes.ts'
import { useProject } from '../../project.tsx'
import { type Kind, kindOf, kinds } from './form.ts'
import css from './keys.module.css'

const families = {
  values: 'Values',
  approvals: 'Approvals',
  accounts: 'Codes (TOTP)',
  secrets: 'Secrets',
  permissions: 'Permissions',
  agents: 'Agents',
  users: 'People',
  audit: 'Audit log',
  settings: 'Settings',
  keys: 'API keys',
}

type Props = { value: readonly Scope[]; change: (scopes: readonly Scope[]) => void; fault: string | undefined }

/** What a key may do: one of the usual kinds, or scope by scope. */
export function Scopes({ value, change, fault }: Props) {
  const { role } = useProject()
  const [kind, setKind] = useState<Kind>(kindOf(value))
  const choose = (next: string) => {
    const found = (Object.keys(kinds) as (keyof typeof kinds)[]).find((one) => one === next)
    setKind(found ?? 'own')
    if (found) change(presets[found].scopes)
    else if (value.includes('*')) change(presets.write.scopes)
  }
  const all = value.includes('*')
  return (
    <div>
      <Radio.Group label="What it may do" value={kind} onChange={choose} error={fault} size="md">
        <div className={css.kinds}>
          {Object.entries(kinds).map(([each, words]) => {
            const allowed = each !== 'admin' || atLeast(role, roleOf['*'])
            return (
              <Radio
                key={each}
                value={each}
                label={words}
                disabled={!allowed}
                description={allowed ? undefined : 'Needs the role OWNER: a key never gains what its maker lacks.'}
              />
            )
          })}
          <Radio value="own" label="Chosen one by one" />
        </div>
      </Radio.Group>
      {kind === 'own' && <Matrix value={value} change={change} />}
      {all && (
        <p className={css.warning}>
          <TriangleAlert aria-hidden size={18} />
          <span>
            This key can do everything that the project’s owners can, people and keys included. Give a program only what
            it needs.
          </span>
        </p>
      )}
    </div>
  )
}

function Matrix({ value, change }: Omit<Props, 'fault'>) {
  const { role } = useProject()
  return (
    <div className={css.matrix}>
      {Object.entries(families).map(([family, words]) => (
        <Fragment key={family}>
          <span id={`family-${family}`}>{words}</span>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset takes no part in the grid */}
          <div role="group" aria-labelledby={`family-${family}`} className={css.boxes}>
            {scopes
              .filter((scope) => scope.startsWith(`${family}:`))
              .map((scope) => (
                <Checkbox
                  key={scope}
                  label={scope.slice(family.length + 1)}
                  aria-label={scope}
                  checked={value.includes(scope)}
                  disabled={!atLeast(role, roleOf[scope])}
                  onChange={({ currentTarget }) =>
                    change(currentTarget.checked ? [...value, scope] : value.filter((one) => one !== scope))
                  }
                />
              ))}
          </div>
        </Fragment>
      ))}
    </div>
  )
}
