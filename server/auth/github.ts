import { genericOAuth } from 'better-auth/plugins'
import { z } from 'zod'
import { email } from '../../shared/people.ts'
import type { Config } from '../env.ts'

const profile = z.object({ id: z.number().int(), login: z.string(), name: z.string().nullish() })

const addresses = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))

const patienceMs = 5000

/** Where GitHub's API is: its own host for github.com, below the server for GitHub Enterprise. */
const apiOf = (baseUrl: string): string =>
  baseUrl === 'https://github.com' ? 'https://api.github.com' : `${baseUrl}/api/v3`

/** Asks GitHub's API as the person who just signed in there; the token is used here and kept nowhere. */
async function ask(api: string, path: string, token: string): Promise<unknown> {
  const reply = await fetch(`${api}${path}`, {
    headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'user-agent': 'countersign' },
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  })
  if (!reply.ok) throw new Error(`GitHub answered ${reply.status}.`)
  return reply.json()
}

/**
 * Sign-in with GitHub, by code and PKCE. Only the primary address counts, and only when GitHub has verified it: with no
 * such address there is no `email`, and the library refuses.
 */
export function github({ clientId, clientSecret, baseUrl }: NonNullable<Config['github']>) {
  const api = apiOf(baseUrl)
  return genericOAuth({
    config: [
      {
        providerId: 'github',
        clientId,
        clientSecret,
        authorizationUrl: `${baseUrl}/login/oauth/authorize`,
        tokenUrl: `${baseUrl}/login/oauth/access_token`,
        scopes: ['read:user', 'user:email'],
        pkce: true,
        getUserInfo: async ({ accessToken }) => {
          if (!accessToken) return null
          const [who, mails] = await Promise.all([
            ask(api, '/user', accessToken),
            ask(api, '/user/emails', accessToken),
          ])
          const { id, login, name } = profile.parse(who)
          const primary = addresses.parse(mails).find((one) => one.primary && one.verified)
          return {
            id: String(id),
            name: (name?.trim() || login).slice(0, 100),
            email: email.safeParse(primary?.email).data,
            emailVerified: true,
          }
        },
      },
    ],
  })
}
