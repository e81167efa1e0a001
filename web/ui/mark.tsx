import type { LucideIcon } from 'lucide-react'
import css from './mark.module.css'

export type Tone = 'ok' | 'warn' | 'bad' | 'quiet' | 'info'

/** A state as icon and word, never by colour alone (WCAG 1.4.1). */
export const Mark = ({ icon: Icon, tone, children }: { icon: LucideIcon; tone: Tone; children: string }) => (
  <span className={css.mark} data-tone={tone}>
    <Icon aria-hidden size={14} />
    {children}
  </span>
)
