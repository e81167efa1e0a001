import { Menu } from '@mantine/core'
import { Check } from 'lucide-react'
import { Fragment, type RefObject, useEffect, useRef, useState } from 'react'
import css from './menu.module.css'
import type { MenuItem, MenuProps } from './menu.tsx'

type Button = RefObject<HTMLButtonElement | null>

const Item = ({ label, icon: Icon, hint, run, chosen, danger = false, button }: MenuItem & { button: Button }) => (
  <Menu.Item
    leftSection={Icon && <Icon aria-hidden size={16} />}
    rightSection={chosen && <Check aria-hidden size={16} />}
    c={danger ? 'var(--danger-text)' : undefined}
    role={chosen === undefined ? 'menuitem' : 'menuitemradio'}
    aria-checked={chosen}
    onClick={() => {
      // Whatever it opens gives the focus back to the button, as the item is gone by then.
      button.current?.focus()
      run()
    }}
  >
    {label}
    {hint && <span className={css.hint}>{hint}</span>}
  </Menu.Item>
)

/** The menu of `menu.tsx`, opened as soon as it is there; the focus goes back to its button. */
export function OpenMenu({ label, face, className, groups, head }: MenuProps) {
  const [opened, setOpened] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    button.current?.focus()
    setOpened(true)
  }, [])
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={260} withinPortal returnFocus>
      <Menu.Target>
        <button type="button" ref={button} className={className} aria-label={label}>
          {face}
        </button>
      </Menu.Target>
      <Menu.Dropdown className={css.menu} aria-label={label}>
        {head && (
          <div className={css.head} role="presentation">
            {head}
          </div>
        )}
        {groups
          .filter((group) => group.length > 0)
          .map((group, place) => (
            <Fragment key={group[0]?.label}>
              {place > 0 && <Menu.Divider />}
              {group.map((item) => (
                <Item key={item.label} {...item} button={button} />
              ))}
            </Fragment>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
