import { create } from 'qrcode'
import css from './qr.module.css'

/** A QR code as one path, black on white in either scheme, as scanners want it; drawn here, so that nobody else sees the text. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const dark = Array.from({ length: modules.size * modules.size }, (_, place) => place).filter(
    (place) => modules.data[place],
  )
  const path = dark.map((place) => `M${place % modules.size} ${Math.floor(place / modules.size)}h1v1h-1z`).join('')
  return (
    <svg className={css.qr} viewBox={`0 0 ${modules.size} ${modules.size}`} role="img" aria-label={label}>
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
