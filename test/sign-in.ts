import { ulid } from 'ulid'
import { sessionCookieName } from '../server/people/cookie.ts'
import { hashPassword } from '../server/people/password.ts'
import { givePassword } from '../server/people/person.ts'
import type { Project } from '../server/projects/project.ts'
import type { World } from '../server/world.ts'
import type { Role } from '../shared/roles.ts'
import { asker, type Reply } from './http.ts'
import { makePerson } from './people.ts'

/** A password that the policy takes. */
export const goodPassword = 'violin-harbour-oatmeal'

/** A person of a project who has a password. */
export async function makeAccount(
  world: World,
  project: Pick<Project, 'id'>,
  role: Role = 'OWNER',
  { email = `${ulid().toLowerCase()}@example.com`, password = goodPassword, name = 'Ana Silva' } = {},
) {
  const person = await makePerson(world, project, role, { name, email })
  await givePassword(world.db.sql, person.id, await hashPassword(password))
  return { ...person, password }
}

/** A browser at the sign-in: it keeps cookies as browsers do, and posts as pages of ours do. */
export function signInBrowser(url: string, publicUrl = url) {
  const ask = asker(url)
  const jar = new Map<string, string>()
  const keep = (reply: Reply) => {
    for (const line of reply.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      if (/max-age=0/i.test(line) || pair.endsWith('=')) jar.delete(name)
      else jar.set(name, pair)
    }
    return reply
  }
  const cookie = () => [...jar.values()].join('; ')
  const own = () => ({ cookie: cookie(), origin: publicUrl, 'sec-fetch-site': 'same-origin' })
  const session = sessionCookieName(publicUrl)
  return {
    jar,
    cookie,
    /** The session's cookie as it is sent, or undefined. */
    session: () => jar.get(session),
    get: async (path: string, headers: Record<string, string> = {}) =>
      keep(await ask('GET', path, { headers: { cookie: cookie(), ...headers } })),
    post: async (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      keep(await ask('POST', path, { headers: { ...own(), ...headers }, body })),
    /** Asks an operation of the dashboard as the signed-in person. */
    query: (name: string, input: unknown = {}, project?: string) =>
      ask('GET', `/trpc/${name}?input=${encodeURIComponent(JSON.stringify(input))}`, {
        headers: { ...own(), ...(project ? { 'x-countersign-project': project } : {}) },
      }),
    mutate: async (name: string, input: unknown = {}, project?: string) =>
      keep(
        await ask('POST', `/trpc/${name}`, {
          headers: { ...own(), ...(project ? { 'x-countersign-project': project } : {}) },
          body: input,
        }),
      ),
  }
}

/** Signs a person in through the door, and answers the browser with its cookie. */
export async function signIn(
  url: string,
  { email, password = goodPassword }: { email: string; password?: string },
  more: { rememberMe?: boolean; headers?: Record<string, string> } = {},
) {
  const browser = signInBrowser(url)
  const body = { email, password, ...(more.rememberMe === undefined ? {} : { rememberMe: more.rememberMe }) }
  const reply = await browser.post('/auth/sign-in/email', body, more.headers)
  return { ...browser, reply }
}
