/**
 * Shows what the server pushes, and opens the page that it is about. It answers no request of any page and keeps nothing, so
 * that no page, and no link's page least of all, is ever shown from a store.
 */

self.addEventListener('install', () => self.skipWaiting())

/** A path of the dashboard, whatever a message says; its messages come from the server alone, but a worker lives long. */
const within = (path) => {
  const url = new URL(path, self.location.origin)
  return url.origin === self.location.origin && url.pathname.startsWith('/p/') ? url.href : `${self.location.origin}/p`
}

self.addEventListener('push', (event) => {
  const { title, body, path, tag, over } = event.data.json()
  // One that is over takes the place of what asked, and makes no sound.
  const shown = {
    body,
    tag,
    data: { path },
    icon: '/icon-192.png',
    renotify: !over,
    silent: over,
    requireInteraction: !over,
  }
  event.waitUntil(self.registration.showNotification(title, shown))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(self.clients.openWindow(within(event.notification.data.path)))
})
