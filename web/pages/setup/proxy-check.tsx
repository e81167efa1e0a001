import { CircleAlert, CircleCheck } from 'lucide-react'
import css from './setup.module.css'

const isLocal = (hostname: string) => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|.*\.localhost)$/.test(hostname)

/** What does not fit between where this page was opened and what the service believes, as sentences. */
function faultsIn(publicUrl: string): string[] {
  const faults: string[] = []
  if (location.origin !== publicUrl)
    faults.push(
      `You opened ${location.origin}, but PUBLIC_URL is ${publicUrl}: links would lead there. Set PUBLIC_URL.`,
    )
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol === 'http:' && !isLocal(hostname))
    faults.push('PUBLIC_URL is not https: passwords and keys would cross the network in the clear.')
  return faults
}

/** The public address and the client's address as the service sees them: what a wrong proxy shows first. */
export function ProxyCheck({ publicUrl, yourIp }: { publicUrl: string; yourIp: string }) {
  const faults = faultsIn(publicUrl)
  const Icon = faults.length > 0 ? CircleAlert : CircleCheck
  return (
    <div className={css.check} data-wrong={faults.length > 0 || undefined}>
      <Icon aria-hidden size={18} />
      <div>
        <p>
          Links will begin with <code>{publicUrl}</code>, and your address is seen as <code>{yourIp}</code>.
        </p>
        {faults.map((fault) => (
          <p key={fault}>
            <strong>{fault}</strong>
          </p>
        ))}
        <p className={css.quiet}>
          Behind a proxy, your address must be that of your own network, not the proxy’s; else set TRUSTED_PROXIES.
        </p>
      </div>
    </div>
  )
}
