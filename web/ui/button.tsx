import { UnstyledButton } from '@mantine/core'
import type { ComponentProps, CSSProperties, ReactNode, Ref } from 'react'
import css from './button.module.css'

type Looks = {
  /** A caller's style, or `quiet` for what stands beside the decision. */
  look?: 'primary' | 'secondary' | 'danger' | 'warning' | 'info' | 'default' | 'hex' | 'quiet'
  icon?: ReactNode
  end?: ReactNode
  children: ReactNode
  style?: CSSProperties | undefined
}

type ButtonProps = Looks & Omit<ComponentProps<'button'>, 'style'> & { busy?: boolean; ref?: Ref<HTMLButtonElement> }

const inside = ({ icon, end, children }: Looks, busy = false) => (
  <>
    {busy ? <span className={css.spinner} aria-hidden="true" /> : icon}
    <span className={css.label}>{children}</span>
    {end}
  </>
)

/** A button of at least 48 px. Mantine's own brings a loader and transitions that a public page has no weight left for. */
export function Button({ look = 'default', icon, end, children, busy = false, disabled, ...rest }: ButtonProps) {
  return (
    <UnstyledButton
      type="button"
      className={css.button}
      data-look={look}
      data-busy={busy || undefined}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
      {...rest}
    >
      {inside({ icon, end, children }, busy)}
    </UnstyledButton>
  )
}

/** A link that looks like a button and opens in a tab of its own; `here`: in this one. */
export function LinkButton({
  look = 'default',
  href,
  here = false,
  ...looks
}: Looks & { href: string; here?: boolean }) {
  return (
    <UnstyledButton
      component="a"
      href={href}
      target={here ? undefined : '_blank'}
      rel={here ? undefined : 'noopener noreferrer'}
      className={css.button}
      data-look={look}
    >
      {inside(looks)}
    </UnstyledButton>
  )
}
