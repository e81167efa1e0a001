import { Button } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { cameraFault, noCameraHere } from './camera-faults.ts'
import type { Found } from './found.ts'
import css from './import.module.css'
import { isAccount } from './read-file.ts'

/** Ms between two looks at what the camera shows. */
const pause = 200

type Props = {
  found: (found: Found[]) => void
  close: () => void
  /** What was scanned so far. */
  note: string
}

/** What a camera shows, read for QR codes until it is closed. No frame leaves this browser. */
export function Camera({ found, close, note }: Props) {
  const video = useRef<HTMLVideoElement>(null)
  const [wrong, setWrong] = useState<string>()
  const [other, setOther] = useState(false)
  const tell = useRef(found)
  tell.current = found

  useEffect(() => {
    let over = false
    let stream: MediaStream | undefined
    async function look() {
      const { readCodes } = await import('./qr.ts')
      while (!over) {
        const texts = video.current?.videoWidth ? await readCodes(video.current) : []
        const accounts = texts.filter(isAccount)
        if (over) return
        if (accounts.length > 0) tell.current(accounts.map((uri) => ({ uri })))
        if (texts.length > 0) setOther(accounts.length === 0)
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
    async function start() {
      const never = noCameraHere()
      if (never) return setWrong(never)
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
        if (over || !video.current) return stop()
        video.current.srcObject = stream
        await video.current.play()
        await look()
      } catch (error) {
        if (!over) setWrong(cameraFault(error))
      }
    }
    function stop() {
      for (const track of stream?.getTracks() ?? []) track.stop()
    }
    void start()
    return () => {
      over = true
      stop()
    }
  }, [])

  return (
    <div className={css.camera}>
      {wrong ? (
        <p className={css.warning} role="alert">
          <TriangleAlert aria-hidden size={18} /> {wrong}
        </p>
      ) : (
        <>
          <video ref={video} className={css.video} muted playsInline aria-label="What the camera shows" />
          <p role="status">
            {note ||
              (other
                ? 'That QR code holds no account for codes.'
                : 'Hold the QR code before the camera. Frames stay in this browser.')}
          </p>
        </>
      )}
      <div>
        <Button variant="default" onClick={close}>
          Close camera
        </Button>
      </div>
    </div>
  )
}
