import type { LucideIcon } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'

const load = () => import('./menu-window.tsx')
const Opened = lazy(() => load().then(({ OpenMenu }) => ({ default: OpenMenu })))

export type MenuItem = {
  label: string
  icon?: LucideIcon
  /** Said under the label. */
  hint?: string
  run: () => void
  /** One of several, of which this one holds. */
  chosen?: boolean
  danger?: boolean
}

export type MenuProps = {
  /** What a screen reader hears of the button. */
  label: string
  /** The button's face. */
  face: ReactNode
  className?: string | undefined
  /** Groups of items, with a line between them. */
  groups: readonly (readonly MenuItem[])[]
  /** What stands above the items. */
  head?: ReactNode
}

/** A button with a menu. The menu's code is loaded when somebody comes near it. */
export function Menu(props: MenuProps) {
  const [wanted, setWanted] = useState(false)
  const button = (
    <button
      type="button"
      className={props.className}
      aria-label={props.label}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
    >
      {props.face}
    </button>
  )
  if (!wanted) return button
  return (
    <Suspense fallback={button}>
      <Opened {...props} />
    </Suspense>
  )
}
