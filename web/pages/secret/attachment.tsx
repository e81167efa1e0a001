import { Download, Paperclip } from 'lucide-react'
import { useState } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useOnce } from '../../parts/once.ts'
import { save, sizeOf } from '../../parts/save.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/sheet.tsx'
import { fetchFile } from './fetch-file.ts'
import type { Held } from './phase.ts'
import css from './secret.module.css'

type Props = { file: NonNullable<Held['file']> }

/** The file that came with a secret: fetched encrypted, opened here, saved under its name. */
export function Attachment({ file }: Props) {
  const [state, setState] = useState<'idle' | 'busy' | 'saved' | { failed: string }>('idle')
  const once = useOnce()
  const fetchIt = () =>
    once(async () => {
      setState('busy')
      const got = await fetchFile(file)
      if (got instanceof Blob) save(got, file.name)
      setState(got instanceof Blob ? 'saved' : got)
    })
  return (
    <section aria-label="The file" className={css.file}>
      <p className={css.name}>
        <Paperclip aria-hidden size={20} />
        <span>
          <strong>{visible(file.name)}</strong> <span className={css.facts}>{sizeOf(file.bytes)}</span>
        </span>
      </p>
      <p className={css.facts}>
        It can be fetched for ten minutes from now on. Open it only if you trust whoever sent it.
      </p>
      <Button busy={state === 'busy'} icon={<Download aria-hidden size={18} />} onClick={() => void fetchIt()}>
        Download the file
      </Button>
      <div role="status" className={css.alert}>
        {state === 'saved' && <p className={css.facts}>Your browser saves it now.</p>}
        {typeof state === 'object' && <Notice warn>{state.failed}</Notice>}
      </div>
    </section>
  )
}
