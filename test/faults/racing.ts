import type { KeyActor } from '../../server/context.ts'
import { newVisit, visitCookie } from '../../server/http/visits.ts'
import type { World } from '../../server/world.ts'
import { asVisitor } from '../as.ts'
import { makeApproval } from '../make.ts'
import type { Shot } from './sockets.ts'

/** An approval whose page is open in one browser, and the request that its button sends to the server at `url`. */
export async function opened(world: World, actor: KeyActor, wish: Parameters<typeof makeApproval>[2]) {
  const made = await makeApproval(world, actor, wish)
  const visit = newVisit()
  const { csrf_token, action_hash } = await asVisitor(world, visit).approvals.open({ token: made.token })
  const shot = (url: string, decision: object): Shot => ({
    path: `/v1/link/approvals/${made.token}/act`,
    headers: {
      'content-type': 'application/json',
      cookie: `${visitCookie(url).name}=${visit}`,
      origin: url,
      'sec-fetch-site': 'same-origin',
    },
    body: JSON.stringify({ csrf_token, action_hash, ...decision }),
  })
  return { ...made, shot }
}
