import { TextInput } from '@mantine/core'
import { Check, Minus } from 'lucide-react'
import { strengthOf } from './form.ts'
import css from './keys.module.css'

type Props = { value: string; change: (text: string) => void; fault: string | undefined }

/** A key's text of one's own, with what it has to be. */
export const Own = ({ value, change, fault }: Props) => (
  <div>
    <TextInput
      label="A text of your own"
      description="Empty: a strong one is made, which is better."
      autoComplete="off"
      spellCheck={false}
      value={value}
      error={fault}
      onChange={(event) => change(event.currentTarget.value)}
    />
    {value !== '' && (
      <ul className={css.checks} aria-label="What the text has to be">
        {strengthOf(value).map(({ words, met }) => (
          <li key={words} data-met={met || undefined}>
            {met ? <Check aria-hidden size={16} /> : <Minus aria-hidden size={16} />}
            {words}
            <span className="unseen">{met ? ': met' : ': not met'}</span>
          </li>
        ))}
      </ul>
    )}
  </div>
)
