/** What a browser gives to be told: where, and the keys that messages to it are encrypted with (RFC 8291). */
export type Told = { endpoint: string; keys: { p256dh: string; auth: string } }

/** Whether this browser can be told at all, here: only over https, and on iPhones only once the page is installed. */
export const canBeTold = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

const script = '/sw.js'

/** The worker sees the dashboard's addresses and none of the links'. */
const scope = '/p/'

/** Resolves when a worker that was just registered works. */
const active = (registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> =>
  new Promise((resolve) => {
    const worker = registration.active ?? registration.waiting ?? registration.installing
    if (!worker || worker.state === 'activated') return resolve(registration)
    worker.addEventListener('statechange', () => worker.state === 'activated' && resolve(registration))
  })

const isFor = (subscription: PushSubscription, publicKey: string): boolean => {
  const bytes = new Uint8Array(subscription.options.applicationServerKey ?? new ArrayBuffer(0))
  const text = btoa(String.fromCharCode(...bytes))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') === publicKey
}

/** Asks the browser's user, and its push service, for a place to be told at. Throws what the browser throws. */
export async function beTold(publicKey: string): Promise<Told> {
  const registration = await active(await navigator.serviceWorker.register(script, { scope }))
  const { pushManager } = registration
  const known = await pushManager.getSubscription()
  // Of another instance at this address before.
  if (known && !isFor(known, publicKey)) await known.unsubscribe()
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
  const { endpoint = '', keys = {} } = subscription.toJSON()
  return { endpoint, keys: { p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' } }
}

const place = (project: string) => `countersign-browser ${project}`

/** What the server calls this browser in a project, kept here: it never says where its browsers are. */
export const knownAs = (project: string): string | null => localStorage.getItem(place(project))
export const keepAs = (project: string, id: string): void => localStorage.setItem(place(project), id)
