import { SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { curlOf } from '../../parts/curl.ts'
import { CopyLine } from '../../ui/copy.tsx'
import type { Approval } from './approval.tsx'
import { commandOf, programOf, wishOf } from './snippets.ts'

const ways = { curl: 'curl', command: 'Command line', program: 'TypeScript' } as const

type Way = keyof typeof ways

/** What made this approval, and what waits for it, in the words of a shell or of a program. */
export function Commands({ approval }: { approval: Approval }) {
  const [way, setWay] = useState<Way>('curl')
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label="Copy as"
        value={way}
        onChange={(chosen) => setWay(chosen)}
        data={Object.entries(ways).map(([value, label]) => ({ value: value as Way, label }))}
      />
      {way === 'curl' && (
        <>
          <CopyLine
            what="the command that waits for it"
            text={curlOf({ path: `/approvals/${approval.approval_id}?wait=55` })}
          />
          <CopyLine
            what="the command that asks the same again"
            text={curlOf({ method: 'POST', path: '/approvals', body: wishOf(approval) })}
          />
        </>
      )}
      {way === 'command' && <CopyLine what="the command that asks the same and waits" text={commandOf(approval)} />}
      {way === 'program' && <CopyLine what="the program that asks the same and waits" text={programOf(approval)} />}
    </Stack>
  )
}
