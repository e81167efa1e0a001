import { Button, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Mail, MessageSquare, QrCode, Share2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { uri } from '../../parts/uri.ts'
import { useProject } from '../../project.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { When } from '../../ui/when.tsx'
import css from './new.module.css'
import type { Made } from './new-form.ts'

const Qr = lazy(() => import('./qr.tsx').then((file) => ({ default: file.Qr })))

type Props = { made: Made; path: string; again: () => void }

/** A new approval: its link, what is shown once, and the ways to hand the link on. */
export function Result({ made, path, again }: Props) {
  const { id } = useProject()
  const [qr, setQr] = useState(false)
  const title = `Your decision on ${path}`
  const text = `Your decision is asked for on ${path}: ${made.url}`
  const icon = { 'aria-hidden': true, size: 18 } as const
  return (
    <Stack gap="md">
      <div>
        <p>
          The link, good until <When iso={made.expires_at} />. It is shown here only.
        </p>
        <CopyLine text={made.url} what="the link" />
      </div>
      {made.pin && (
        <div className={css.once}>
          <p>
            <strong>The PIN</strong>, shown here only. Tell it by another channel than the link.
          </p>
          <CopyLine text={made.pin} what="the PIN" />
        </div>
      )}
      {made.match_number && (
        <div className={css.once}>
          <p>
            <strong>The number</strong> that the approver types, shown here only.
          </p>
          <CopyLine text={made.match_number} what="the number" />
        </div>
      )}
      <div className={css.buttons}>
        <Button
          component="a"
          variant="default"
          leftSection={<Mail {...icon} />}
          href={uri('mailto:', { subject: title, body: text })}
        >
          Mail
        </Button>
        <Button
          component="a"
          variant="default"
          leftSection={<MessageSquare {...icon} />}
          href={uri('sms:', { body: text })}
        >
          Message
        </Button>
        {'share' in navigator && (
          <Button
            variant="default"
            leftSection={<Share2 {...icon} />}
            // Closing the system's sheet rejects; nothing has happened then.
            onClick={() => void navigator.share({ title, text: title, url: made.url }).catch(() => undefined)}
          >
            Share
          </Button>
        )}
        <Button variant="default" aria-expanded={qr} leftSection={<QrCode {...icon} />} onClick={() => setQr(!qr)}>
          QR code
        </Button>
      </div>
      {qr && (
        <Suspense fallback={null}>
          <Qr text={made.url} />
        </Suspense>
      )}
      <div className={css.buttons}>
        <Button
          renderRoot={(props) => (
            <Link {...props} to="/p/$project/approvals" params={{ project: id }} search={{ open: made.approval_id }} />
          )}
        >
          Done
        </Button>
        <Button variant="default" onClick={again}>
          Ask another like it
        </Button>
      </div>
    </Stack>
  )
}
