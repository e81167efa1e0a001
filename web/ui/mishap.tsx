import { Component, type ReactNode } from 'react'
import { Card, Shell } from './shell.tsx'

type Props = { children: ReactNode; plain?: boolean }

/** What stands in place of a page that failed to draw: a fault of ours is said, never a white screen. `plain`: see `?plain`. */
export class Mishap extends Component<Props, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <Shell>
        <Card>
          <h1>This page could not be drawn</h1>
          {this.props.plain ? (
            <>
              <p>Nothing was decided. Reload the page, or use the plain version.</p>
              <p>
                <a href="?plain">Open the plain version</a>
              </p>
            </>
          ) : (
            <p>The fault is on our side. Reload the page, or use another browser.</p>
          )}
        </Card>
      </Shell>
    )
  }
}
