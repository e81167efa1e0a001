import { Component, type ReactNode } from 'react'
import { Card, Shell } from './shell.tsx'

/** What stands in place of a page that failed to draw: a fault of ours is said, never a white screen. */
export class Mishap extends Component<{ children: ReactNode }, { failed: boolean }> {
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
          <p>Nothing was decided. Reload the page, or use the plain version.</p>
          <p>
            <a href="?plain">Open the plain version</a>
          </p>
        </Card>
      </Shell>
    )
  }
}
