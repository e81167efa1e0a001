import { Alert, Code } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import type { Fault } from '../parts/fault.ts'

/** Why a form was refused, above its button; read out when it appears. Fields say their own faults. */
export const Problem = ({ fault, title }: { fault: Fault | undefined; title?: string }) =>
  fault && (
    <Alert color="red" variant="light" icon={<TriangleAlert aria-hidden />} title={title} role="alert">
      {fault.message}
      {fault.retryAfter !== undefined && ` Try again in ${fault.retryAfter} s.`}
      {fault.requestId && fault.code === 'INTERNAL' && (
        <>
          {' '}
          Request <Code>{fault.requestId}</Code>
        </>
      )}
    </Alert>
  )
