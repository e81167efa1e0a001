import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { CSSProperties } from 'react'
import { visible } from '../../../shared/visible.ts'
import { useArmed } from '../../parts/armed.ts'
import { isHex, textOn } from '../../parts/contrast.ts'
import { Button } from '../../ui/button.tsx'
import css from './actions.module.css'
import type { Opened } from './reading.ts'

type Action = Opened['actions'][number]

type Props = {
  actions: Action[]
  /** Nothing can be pressed now. */
  still: boolean
  /** The action that is being confirmed or sent. */
  chosen: string | undefined
  sending: boolean
  press: (action: Action) => void
}

const presets = ['primary', 'secondary', 'danger', 'warning', 'info', 'default'] as const

const icons: Record<string, typeof Info> = { danger: TriangleAlert, warning: CircleAlert, info: Info }

/** A caller's own colour with a text colour that can be read on it. */
const paint = (style: string): CSSProperties | undefined =>
  isHex(style) ? ({ '--ground': style, '--ground-hover': style, '--ink': textOn(style) } as CSSProperties) : undefined

/** Any style but the presets is a colour of the caller's own (`words.style`). */
const lookOf = (style: string) => presets.find((preset) => preset === style) ?? 'hex'

/** The caller's actions, in the caller's order. None is focused for the visitor. */
export function Actions({ actions, still, chosen, sending, press }: Props) {
  const armed = useArmed()
  return (
    <div className={css.actions}>
      {actions.map((action) => {
        const Icon = icons[action.style]
        return (
          <Button
            key={action.key}
            look={lookOf(action.style)}
            style={paint(action.style)}
            icon={Icon && <Icon aria-hidden size={20} />}
            end={action.style === 'danger' && <span className={css.hint}>asks again</span>}
            disabled={still || (chosen !== undefined && chosen !== action.key)}
            aria-expanded={action.style === 'danger' ? chosen === action.key && !sending : undefined}
            busy={sending && chosen === action.key}
            onClick={() => armed() && press(action)}
          >
            {visible(action.label)}
          </Button>
        )
      })}
    </div>
  )
}
