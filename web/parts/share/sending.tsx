import { useEffect, useState } from 'react'
import { Announce } from '../../ui/announce.tsx'
import { Button } from '../../ui/button.tsx'
import { type Fault, faultOf } from '../fault.ts'
import { Refused } from './form.tsx'
import type { Shared } from './send.ts'
import css from './share.module.css'
import { giveUp, upload } from './upload.ts'

type Props = { file: NonNullable<Shared['file']>; metadataKey: string; done: () => void; gaveUp: () => void }

/** Sends the file of a secret that was just made; until it has arrived nobody can read either. */
export function SendFile({ file, metadataKey, done, gaveUp }: Props) {
  const [tries, setTries] = useState(1)
  const [part, setPart] = useState(0)
  const [fault, setFault] = useState<Fault>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: sent once for each try, whatever is drawn meanwhile
  useEffect(() => {
    let wanted = true
    setFault(undefined)
    setPart(0)
    const sent = upload(file, setPart)
    sent.done.then(
      () => wanted && done(),
      (thrown: unknown) => wanted && setFault(faultOf(thrown)),
    )
    return () => {
      wanted = false
      sent.stop()
    }
  }, [tries])
  const percent = Math.floor(part * 100)
  return (
    <div className={css.form}>
      <p>
        The secret is made; its link works once the file, <strong>{file.name}</strong>, has arrived.
      </p>
      {fault ? (
        <>
          <Refused fault={fault} />
          <div className={css.buttons}>
            <Button look="primary" onClick={() => setTries(tries + 1)}>
              Send the file again
            </Button>
            <Button
              onClick={() => {
                void giveUp(metadataKey)
                gaveUp()
              }}
            >
              Give up and burn the secret
            </Button>
          </div>
        </>
      ) : (
        <div className={css.progress}>
          <progress aria-label="The file is being sent" max={100} value={percent} />
          <span aria-hidden="true">{percent} %</span>
        </div>
      )}
      <Announce text={fault ? '' : 'Sending the file.'} />
    </div>
  )
}
