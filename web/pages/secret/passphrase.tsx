import { TextInput } from '@mantine/core'
import { Eye, EyeOff } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Fault } from '../../parts/fault.ts'
import css from './secret.module.css'

type Props = {
  value: string
  change: (value: string) => void
  missing: boolean
  /** What the last press was refused for. */
  fault: Fault | undefined
  /** Tries that this network has left; null while it has made none. */
  left: number | null
}

/**
 * Takes paste and what a manager fills in (WCAG 3.3.8). `one-time-code` keeps browsers from offering the password of an
 * account here, and from keeping what is typed.
 */
export function Passphrase({ value, change, missing, fault, left }: Props) {
  const [shown, setShown] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const wrong = value === '' && fault?.code === 'WRONG_PASSPHRASE'
  // biome-ignore lint/correctness/useExhaustiveDependencies: a second wrong try is a new fault and moves the focus again
  useEffect(() => {
    if (missing || wrong) field.current?.focus()
  }, [missing, fault])
  const Icon = shown ? EyeOff : Eye
  return (
    <TextInput
      ref={field}
      name="passphrase"
      label="Passphrase"
      description={left === null ? 'Whoever sent the link has it.' : triesLeft(left)}
      error={
        missing ? 'Enter the passphrase.' : wrong ? 'That passphrase is wrong. The secret is still there.' : undefined
      }
      required
      withAsterisk={false}
      type={shown ? 'text' : 'password'}
      autoComplete="one-time-code"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      rightSectionWidth={48}
      rightSection={
        <button
          type="button"
          className={css.eye}
          aria-label="Show the passphrase"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon aria-hidden size={20} />
        </button>
      }
    />
  )
}

const triesLeft = (left: number): string =>
  `${left === 1 ? 'One try' : `${left} tries`} left for your network in ten minutes. A wrong one uses nothing up.`
