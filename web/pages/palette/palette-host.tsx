import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Project } from '../../project.tsx'
import { hear, moveRow } from './keys.ts'

const Palette = lazy(() => import('./palette.tsx').then((file) => ({ default: file.Palette })))
const Help = lazy(() => import('./help.tsx').then((file) => ({ default: file.Help })))

/** The keyboard's ways through the dashboard: the palette (mod+K), the help sheet (`?`), single keys. */
export function Commands({ here }: { here: Project }) {
  const [shown, setShown] = useState<'palette' | 'help'>()
  const navigate = useNavigate()
  useEffect(
    () =>
      hear((wish) => {
        if (wish === 'palette' || wish === 'help') setShown(wish)
        else if (wish === 'search') document.querySelector<HTMLInputElement>('input[data-search]')?.focus()
        else if (wish === 'next' || wish === 'previous') moveRow(wish === 'next' ? 1 : -1)
        else
          void navigate({
            to: wish.to,
            params: { project: here.id },
            search: 'search' in wish ? wish.search : {},
          })
      }),
    [navigate, here.id],
  )
  const close = () => setShown(undefined)
  return (
    <Suspense fallback={null}>
      {shown === 'palette' && <Palette close={close} help={() => setShown('help')} />}
      {shown === 'help' && <Help close={close} />}
    </Suspense>
  )
}
