import { Kbd, Switch } from '@mantine/core'
import { Fragment } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import css from './help.module.css'
import { places } from './keys.ts'
import { setSingleKeys, useSingleKeys } from './switch.ts'

const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'

const keys: readonly (readonly [keys: readonly string[], words: string])[] = [
  [[mod, 'K'], 'Go to anything, do anything'],
  [['?'], 'This sheet'],
  [['/'], 'Search this list'],
  [['j'], 'Next row'],
  [['k'], 'Row before'],
  [['Enter'], 'Open the row'],
  [['Esc'], 'Close'],
  ...Object.entries(places).map(([letter, { label }]) => [['g', letter], `Go to ${label}`] as const),
]

/** What the keyboard can do, and the switch that keeps single keys from doing anything. */
export function Help({ close }: { close: () => void }) {
  const on = useSingleKeys()
  return (
    <Dialog opened close={close} title="Keyboard">
      <dl className={css.keys}>
        {keys.map(([pressed, words]) => (
          <div key={words}>
            <dt>
              {pressed.map((key, at) => (
                <Fragment key={key}>
                  {at > 0 && ' '}
                  <Kbd>{key}</Kbd>
                </Fragment>
              ))}
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <Switch
        mt="md"
        label="Single keys do something"
        description="Off: only the palette’s keys, Enter, Tab and Esc do."
        checked={on}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
      />
    </Dialog>
  )
}
