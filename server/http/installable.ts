import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

/** What makes the dashboard a page that can be installed, and be told of what waits: file → media type. */
const files = {
  'sw.js': 'text/javascript; charset=utf-8',
  'manifest.webmanifest': 'application/manifest+json',
  'icon-192.png': 'image/png',
  'icon-512.png': 'image/png',
  'icon-maskable.png': 'image/png',
} as const

/**
 * Serves them at the top, where a worker's script must be to see the dashboard's addresses. A worker lives long in a browser,
 * so its script is asked for again each time, and its own policy lets it load nothing.
 */
export function registerInstallable(app: FastifyInstance, dashboardDir: string): void {
  for (const [name, type] of Object.entries(files)) {
    const bytes = readFileSync(join(dashboardDir, name))
    app.get(`/${name}`, (_request, reply) =>
      reply
        .headers({
          'cache-control': name === 'sw.js' ? 'no-cache' : 'public, max-age=86400',
          'content-security-policy': "default-src 'none'",
          'x-content-type-options': 'nosniff',
          'cross-origin-resource-policy': 'same-origin',
          'referrer-policy': 'no-referrer',
        })
        .type(type)
        .send(bytes),
    )
  }
}
