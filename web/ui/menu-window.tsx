import { Menu } from '@mantine/core'
import { Fragment, type RefObject, useEffect, useRef, useState } from 'react'
import css from './menu.module.css'
import type { MenuItem, MenuProps } from './menu.tsx'

type Button = RefObject<HTMLButtonElement | null>

const Item = ({ label, icon: Icon, hint, run, chosen, danger = false, button }: MenuItem & { button: Button }) => {
  const pressed = () => {
    // Whatever it opens gives the focus back to the button, as the item is gone by then.
    button.current?.focus()
    run()
  }
  const face = (
    <>
      {label}
      {hint && <span className={css.hint}>{hint}</span>}
    </>
  )
  const icon = Icon && <Icon aria-hidden size={16} />
  if (chosen !== undefined)
    return (
      <Menu.CheckboxItem checked={chosen} onChange={pressed} closeMenuOnClick>
        {face}
      </Menu.CheckboxItem>
    )
  return (
    <Menu.Item leftSection={icon} c={danger ? 'var(--danger-text)' : undefined} onClick={pressed}>
      {face}
    </Menu.Item>
  )
}

/** The menu of `menu.tsx`, opened as soon as it is there; the focus goes back to its button. */
export function OpenMenu({ label, face, className, groups, head }: MenuProps) {
  const [opened, setOpened] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    button.current?.focus()
    setOpened(true)
  }, [])
  return (
    <Menu
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={260}
      withinPortal
      returnFocus
      withInitialFocusPlaceholder={false}
    >
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
