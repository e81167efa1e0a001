import { LockKeyhole, type LucideIcon, Send } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { type Fault, faultOf } from '../../parts/fault.ts'
import { rememberMade } from '../../parts/made.ts'
import { ShareForm } from '../../parts/share/form.tsx'
import { SharedSecret } from '../../parts/share/result.tsx'
import { type Shared, share } from '../../parts/share/send.ts'
import { SendFile } from '../../parts/share/sending.tsx'
import { emptyWish, type Wish } from '../../parts/share/wish.ts'
import { Button } from '../../ui/button.tsx'
import { Sheet } from '../../ui/sheet.tsx'
import { Shell } from '../../ui/shell.tsx'
import { createAsGuest } from './create.ts'

/** The dashboard's form for anybody, in the project that takes guests. */
export function GuestForm() {
  const [wish, setWish] = useState<Wish>(emptyWish)
  const [shared, setShared] = useState<Shared>()
  const [waits, setWaits] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault>()
  const send = async () => {
    setBusy(true)
    try {
      const made = await share(wish, createAsGuest)
      void rememberMade(made.secretKey)
      setShared(made)
      setWaits(made.file !== undefined)
      // The links are all that is needed of it from now on.
      setWish(emptyWish())
      setFault(undefined)
    } catch (thrown) {
      setFault(faultOf(thrown))
    } finally {
      setBusy(false)
    }
  }
  const again = () => setShared(undefined)
  if (shared?.file && waits)
    return (
      <Page title="Sending the file" icon={Send} swapped>
        <SendFile file={shared.file} metadataKey={shared.metadataKey} done={() => setWaits(false)} gaveUp={again} />
      </Page>
    )
  if (shared)
    return (
      <Page title="Hand the link on" icon={Send} swapped>
        <SharedSecret shared={shared}>
          <Button onClick={again}>Share another</Button>
        </SharedSecret>
      </Page>
    )
  return (
    <Page title="Share a secret">
      <p>A link that shows it once, and then to nobody any more.</p>
      <ShareForm
        wish={wish}
        put={(words) => setWish((before) => ({ ...before, ...words }))}
        send={() => void send()}
        sending={{
          busy,
          fault,
          at: (field) => fault?.issues.find(({ path }) => path === field)?.message,
        }}
        member={undefined}
      />
    </Page>
  )
}

type PageProps = { title: string; icon?: LucideIcon; swapped?: boolean; children: ReactNode }

const Page = ({ title, icon = LockKeyhole, swapped = false, children }: PageProps) => (
  <Shell side={<a href="/">What is this?</a>}>
    {/* Its key makes each of them a new sheet, whose heading takes the focus. */}
    <Sheet key={title} icon={icon} headline={title} swapped={swapped}>
      {children}
    </Sheet>
  </Shell>
)
