import { Button, Textarea } from '@mantine/core'
import { Camera as CameraIcon, FileUp, TriangleAlert } from 'lucide-react'
import { type DragEvent, lazy, Suspense, useEffect, useRef, useState } from 'react'
import { visible } from '../../../../shared/visible.ts'
import { Section } from '../../../ui/page.tsx'
import { type Found, Unreadable } from './found.ts'
import { HowToExport } from './help.tsx'
import css from './import.module.css'
import { readFile } from './read-file.ts'
import { readText } from './read-text.ts'

const Camera = lazy(() => import('./camera.tsx').then((file) => ({ default: file.Camera })))

type Props = { found: (found: readonly Found[]) => void; note: string; count: number }

const kinds = 'image/*,.json,.2fas,.csv,.txt'

/** Where accounts come from: camera, files, pictures, text. All is read in this browser. */
export function Sources({ found, note, count }: Props) {
  const [scanning, setScanning] = useState(false)
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const [over, setOver] = useState(false)
  const chooser = useRef<HTMLInputElement>(null)

  async function read(sources: readonly { name: string; read: () => Promise<Found[]> }[]): Promise<boolean> {
    setBusy(true)
    const faults: string[] = []
    for (const source of sources)
      try {
        found(await source.read())
      } catch (error) {
        const why = error instanceof Unreadable ? error.message : 'It could not be read.'
        faults.push(source.name === '' ? why : `${visible(source.name)}: ${why}`)
      }
    setWrong(faults)
    setBusy(false)
    return faults.length === 0
  }
  const files = (list: readonly File[]) =>
    void read(list.map((file) => ({ name: file.name, read: () => readFile(file) })))
  const latest = useRef(files)
  latest.current = files

  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const pasted = [...(event.clipboardData?.files ?? [])]
      if (pasted.length === 0) return
      event.preventDefault()
      latest.current(pasted)
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [])

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    files([...event.dataTransfer.files])
  }
  return (
    <Section
      title="Where from"
      lead="Pictures, camera frames and files are read in this browser. Only the accounts found in them are sent."
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way beside the buttons in here */}
      <div
        className={css.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <div className={css.buttons}>
          <Button leftSection={<CameraIcon aria-hidden size={16} />} onClick={() => setScanning(true)}>
            Scan a QR code
          </Button>
          <Button
            variant="default"
            leftSection={<FileUp aria-hidden size={16} />}
            loading={busy}
            onClick={() => chooser.current?.click()}
          >
            Choose files or pictures
          </Button>
        </div>
        <p className={css.quiet}>Or drop them here, or paste a picture. Several at once are fine.</p>
        <input
          ref={chooser}
          type="file"
          multiple
          accept={kinds}
          className="unseen"
          tabIndex={-1}
          aria-label="Files or pictures"
          onChange={(event) => {
            files([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
      </div>
      {scanning && (
        <Suspense fallback={null}>
          <Camera
            found={found}
            close={() => setScanning(false)}
            note={note || (count > 0 ? `${count} scanned or read so far; see below.` : '')}
          />
        </Suspense>
      )}
      <Textarea
        label="Or paste text"
        description="otpauth:// addresses, one on each line, or the text of an export."
        rows={4}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div>
        <Button
          variant="default"
          disabled={text.trim() === ''}
          onClick={() => void read([{ name: '', read: () => readText(text) }]).then((done) => done && setText(''))}
        >
          Read the text
        </Button>
      </div>
      {wrong.length > 0 && (
        <div role="alert" className={css.warning}>
          <TriangleAlert aria-hidden size={18} />
          <ul>
            {wrong.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
      <HowToExport />
    </Section>
  )
}
