import { useQuery } from '@tanstack/react-query'
import { toString as draw } from 'qrcode'
import { readingOf } from '../../parts/query.ts'
import { Reading } from '../../ui/reading.tsx'
import css from './new.module.css'

/** A link as a QR code, drawn here: nobody else sees the link. */
export function Qr({ text }: { text: string }) {
  const query = useQuery({ queryKey: ['qr', text], queryFn: () => draw(text, { type: 'svg', margin: 1 }), gcTime: 0 })
  return (
    <Reading of={readingOf(query)} bones={1} height={240}>
      {(svg) => (
        <img
          className={css.qr}
          src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
          alt="QR code of the link"
          width={240}
          height={240}
        />
      )}
    </Reading>
  )
}
