import { Check, ClipboardList, Mail, QrCode, Share2 } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { Announce } from '../../ui/announce.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { takenWords, useTake } from '../clipboard.ts'
import css from './share.module.css'

const Qr = lazy(() => import('../../ui/qr.tsx').then((file) => ({ default: file.Qr })))

type Props = {
  link: string
  /** What is copied and mailed: the link with what its reader should know. */
  instructions: string
  mail: string
  title: string
}

const icon = { 'aria-hidden': true, size: 18 } as const

/** The ways to hand a link on. Nobody but the maker's own programs sees it. */
export function HandOn({ link, instructions, mail, title }: Props) {
  const [qr, setQr] = useState(false)
  return (
    <>
      <div className={css.buttons}>
        <CopyInstructions text={instructions} />
        <LinkButton here href={mail} icon={<Mail {...icon} />}>
          Mail
        </LinkButton>
        {'share' in navigator && (
          <Button
            icon={<Share2 {...icon} />}
            // Closing the system's sheet rejects; nothing has happened then.
            onClick={() => void navigator.share({ title, text: title, url: link }).catch(() => undefined)}
          >
            Share
          </Button>
        )}
        <Button aria-expanded={qr} icon={<QrCode {...icon} />} onClick={() => setQr(!qr)}>
          QR code
        </Button>
      </div>
      {qr && (
        <Suspense fallback={null}>
          <Qr text={link} label="QR code of the link" />
        </Suspense>
      )}
    </>
  )
}

/** Copies the text; where the browser refuses the clipboard, it is shown and selected. */
function CopyInstructions({ text }: { text: string }) {
  const shown = useRef<HTMLPreElement>(null)
  const [open, setOpen] = useState(false)
  const { state, take } = useTake(text, shown)
  useEffect(() => {
    if (state === 'refused') setOpen(true)
  }, [state])
  return (
    <>
      <Button onClick={take} icon={state === 'copied' ? <Check {...icon} /> : <ClipboardList {...icon} />}>
        {state === 'copied' ? 'Copied' : state === 'refused' ? 'Selected' : 'Copy with instructions'}
      </Button>
      <pre ref={shown} className={open ? css.instructions : 'unseen'} aria-hidden={!open}>
        {text}
      </pre>
      <Announce text={takenWords[state]} />
    </>
  )
}
