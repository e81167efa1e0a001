import { SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { curlOf } from '../../parts/curl.ts'
import { CopyLine } from '../../ui/copy.tsx'
import type { Approval } from './approval.tsx'
import { commandOf, programOf, wishOf } from './snippets.ts'

const ways = [
  { value: 'curl', label: 'curl' },
  { value: 'command', label: 'Command line' },
  { value: 'program', label: 'TypeScript' },
] as const

type Way = (typeof ways)[number]['value']

/** What made this approval, and what waits for it, in the words of a shell or of a program. */
export function Commands({ approval }: { approval: Approval }) {
  const [way, setWay] = useState<Way>('curl')
  return (
    <Stack gap="xs">
      <SegmentedControl aria-label="Copy as" value={way} onChange={(chosen) => setWay(chosen)} data={[...ways]} />
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
      {way === 'command' && (
        <>
          <CopyLine what="the command that asks the same and waits" text={commandOf(approval)} />
          <p>Runs in Countersign’s directory, on any machine that reaches this address.</p>
        </>
      )}
      {way === 'program' && (
        <>
          <CopyLine what="the program that asks the same and waits" text={programOf(approval)} />
          <p>
            The package is made by <code>npm pack ./clients/typescript</code> in Countersign’s directory.
          </p>
        </>
      )}
    </Stack>
  )
}
