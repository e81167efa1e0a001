import { Stack } from '@mantine/core'
import { curlOf } from '../../parts/curl.ts'
import { CopyLine } from '../../ui/copy.tsx'
import type { Approval } from './approval.tsx'

/** What made this approval, and what waits for it, as commands; a PIN is never repeated, a new one is generated. */
export const Commands = ({ approval }: { approval: Approval }) => (
  <Stack gap="xs">
    <CopyLine
      what="the command that waits for it"
      text={curlOf({ path: `/approvals/${approval.approval_id}?wait=55` })}
    />
    <CopyLine
      what="the command that asks the same again"
      text={curlOf({ method: 'POST', path: '/approvals', body: bodyOf(approval) })}
    />
  </Stack>
)

const bodyOf = (approval: Approval) => ({
  key_path: approval.key_path,
  actions: approval.actions,
  ttl_seconds: Math.round((Date.parse(approval.expires_at) - Date.parse(approval.created_at)) / 1000),
  ...(approval.info === null ? {} : { info: approval.info }),
  ...(approval.ref_id === null ? {} : { ref_id: approval.ref_id }),
  ...(approval.payload === null ? {} : { payload: approval.payload }),
  ...(approval.needs.pin ? { pin: 'generate' } : {}),
  ...(approval.needs.comment === 'optional' ? {} : { comment: approval.needs.comment }),
  ...(approval.needs.match_number ? { match_number: true } : {}),
  ...(approval.approvers ? { approvers: [{ any_of: approval.approvers }] } : { link: approval.link }),
})
