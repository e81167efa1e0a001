import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { FileDown, Plus, QrCode, SearchX, ShieldCheck } from 'lucide-react'
import { atLeast } from '../../../shared/roles.ts'
import { curlOf } from '../../parts/curl.ts'
import { useProject } from '../../project.tsx'
import { Empty } from '../../ui/empty.tsx'
import css from './codes.module.css'

/** Three ways in, for who may add; whoever may not is told whom to ask. */
export function NoAccounts() {
  const { id, role } = useProject()
  const icon = <ShieldCheck aria-hidden size={22} />
  if (!atLeast(role, 'MEMBER'))
    return (
      <Empty icon={icon} title="No codes for you yet">
        Codes of accounts that somebody shares with you stand here. Ask who manages the account: they give you access by
        your e-mail address.
      </Empty>
    )
  const params = { project: id }
  return (
    <Empty
      icon={icon}
      title="No accounts yet"
      curl={curlOf({ method: 'POST', path: '/accounts', body: { name: 'GitHub', secret: 'JBSWY3DPEHPK3PXP' } })}
      action={
        <div className={css.ways}>
          <Button
            leftSection={<Plus aria-hidden size={16} />}
            renderRoot={(props) => <Link {...props} to="/p/$project/codes/new" params={params} />}
          >
            Add an account
          </Button>
          <Button
            variant="default"
            leftSection={<FileDown aria-hidden size={16} />}
            renderRoot={(props) => <Link {...props} to="/p/$project/codes/import" params={params} />}
          >
            Import from an app
          </Button>
          <Button
            variant="default"
            leftSection={<QrCode aria-hidden size={16} />}
            renderRoot={(props) => <Link {...props} to="/p/$project/codes/import" params={params} />}
          >
            Scan a QR code
          </Button>
        </div>
      }
    >
      An account’s seed is kept here, and whoever you let gets its codes without ever seeing the seed. Take over what is
      in your authenticator app, or add one from a shell:
    </Empty>
  )
}

export const NoMatch = ({ clear }: { clear: () => void }) => (
  <Empty
    icon={<SearchX aria-hidden size={22} />}
    title="No account matches"
    action={
      <Button variant="default" onClick={clear}>
        Show all
      </Button>
    }
  >
    The search looks through issuers, names and tags of the accounts that you may use.
  </Empty>
)
