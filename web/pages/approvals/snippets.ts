import { quoted } from '../../parts/curl.ts'
import type { Approval } from './approval.tsx'

/** What an approval asks, as its creation takes it; a PIN is never repeated, a new one is generated. */
export const wishOf = (approval: Approval) => ({
  key_path: approval.key_path,
  actions: approval.actions,
  ttl_seconds: Math.round((Date.parse(approval.expires_at) - Date.parse(approval.created_at)) / 1000),
  ...(approval.info === null ? {} : { info: approval.info }),
  ...(approval.ref_id === null ? {} : { ref_id: approval.ref_id }),
  ...(approval.payload === null ? {} : { payload: approval.payload }),
  ...(approval.needs.pin ? { pin: 'generate' } : {}),
  ...(approval.needs.comment === 'optional' ? {} : { comment: approval.needs.comment }),
  ...(approval.needs.match_number ? { match_number: true } : {}),
  ...(approval.needs.passkey ? { passkey: true } : {}),
  ...(approval.approvers ? { approvers: approval.approvers } : { link: approval.link }),
})

/** Part of an `--action`: what splits its parts is escaped. */
const escaped = (text: string) => text.replace(/[\\:]/g, '\\$&')

const vetoWord = (veto: boolean | undefined): string[] => (veto === undefined ? [] : [veto ? 'veto' : 'no-veto'])

/** A command line that asks the same and waits; it runs as it stands but for the key. */
export function commandOf(approval: Approval): string {
  const { info, ref_id, payload, needs, approvers, link } = approval
  const options = [
    ...approval.actions.map(
      ({ key, value, label, style, veto }) =>
        `--action ${quoted(`${key}=${[value, label, style, ...vetoWord(veto)].map(escaped).join(':')}`)}`,
    ),
    `--ttl ${wishOf(approval).ttl_seconds}s`,
    info !== null && `--info ${quoted(info)}`,
    ref_id !== null && `--ref-id ${quoted(ref_id)}`,
    payload !== null && `--payload ${quoted(JSON.stringify(payload))}`,
    needs.pin && '--pin',
    needs.match_number && '--match-number',
    needs.comment !== 'optional' && `--comment ${needs.comment}`,
    needs.passkey && '--passkey',
    ...(approvers ?? []).map(({ any_of, required }) => `--approvers ${quoted(`${required} of ${any_of.join(', ')}`)}`),
    !approvers && link === 'signed_in' && '--signed-in',
    '--wait',
    // A path may begin as an option does.
    `-- ${quoted(approval.key_path)}`,
  ].filter((option) => typeof option === 'string')
  const environment = `COUNTERSIGN_URL=${quoted(location.origin)} COUNTERSIGN_API_KEY=YOUR_API_KEY`
  return [environment, 'npx --no-install countersign approve', ...options].join(' \\\n  ')
}

/** A program in TypeScript that asks the same and waits; it runs as it stands but for the key. */
export const programOf = (approval: Approval) => `import { Client, outcomeOf } from '@countersign/sdk'

const client = new Client({ baseUrl: ${JSON.stringify(location.origin)}, apiKey: 'YOUR_API_KEY' })
const asked = await client.approvals.create(${JSON.stringify(wishOf(approval), null, 2)})
console.error(asked.url)
const answer = await client.approvals.waitFor(asked.approval_id)
console.log(outcomeOf(answer), answer.decision?.value)`
