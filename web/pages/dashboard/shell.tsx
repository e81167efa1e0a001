import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Outlet, useLocation } from '@tanstack/react-router'
import { Menu as Burger } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { clientOf, whoAmI } from '../../call.ts'
import { useLive } from '../../live.ts'
import { ProjectProvider, projectIn } from '../../project.tsx'
import { useBadge } from '../../title.ts'
import { Commands } from '../palette/palette-host.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Banner, LiveMark } from './banner.tsx'
import { Nav } from './nav.tsx'
import css from './shell.module.css'
import { ProjectMenu, TestSwitch } from './switch.tsx'

const route = getRouteApi('/p/$project')

/** The frame of every page of a project: where one is, what one may see, and whether it is live. */
export function Shell() {
  const entered = route.useRouteContext()
  // Renamed, given another role, or left without one meanwhile: what is known now, not when the page was entered.
  const { data: me = entered.me } = useQuery(whoAmI)
  const here = projectIn(me.projects, entered.here.id) ?? entered.here
  const live = useLive(here.id)
  const { pathname } = useLocation()
  const drawer = useRef<HTMLDialogElement>(null)
  const { data: inbox } = useQuery({
    queryKey: ['inbox', here.id],
    queryFn: () => clientOf(here.id).inbox.get.query({}),
  })
  const waiting = inbox?.counts.needs_me ?? 0
  useBadge(waiting)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has gone somewhere is done with the drawer
  useEffect(() => drawer.current?.close(), [pathname])
  return (
    <ProjectProvider project={here}>
      <a className={css.skip} href="#main">
        Skip to the page
      </a>
      <div className={css.frame}>
        <header className={css.top}>
          {here.testing && (
            <p className={css.ribbon}>
              <strong>Test mode</strong> Everything on this page is a test: nobody is asked, and nothing counts.
            </p>
          )}
          <div className={css.bar}>
            <button
              type="button"
              className={css.burger}
              aria-label="Menu"
              aria-haspopup="dialog"
              onClick={() => drawer.current?.showModal()}
            >
              <Burger aria-hidden size={20} />
            </button>
            <span className={css.brand}>Countersign</span>
            <ProjectMenu here={here} projects={me.projects} />
            <div className={css.end}>
              <LiveMark live={live} />
              <span className={css.wide}>
                <TestSwitch here={here} />
              </span>
              <AccountMenu me={me} />
            </div>
          </div>
          <Banner />
        </header>
        <nav className={css.side} aria-label="Project">
          <Nav here={here} waiting={waiting} />
        </nav>
        <main className={css.main} id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <dialog
        ref={drawer}
        className={css.drawer}
        aria-label="Menu"
        onClick={(event) => {
          if (event.target === event.currentTarget) drawer.current?.close()
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') drawer.current?.close()
        }}
      >
        <div className={css.drawn}>
          <button type="button" className={css.close} onClick={() => drawer.current?.close()}>
            Close
          </button>
          <TestSwitch here={here} />
          <nav aria-label="Project">
            <Nav here={here} waiting={waiting} />
          </nav>
        </div>
      </dialog>
      <Commands here={here} />
    </ProjectProvider>
  )
}
