import { z } from 'zod'
import { answer, handle } from './answer.ts'
import { tool } from './tool.ts'
import { untilAnswered, waitSeconds } from './waiting.ts'

export const wait = tool({
  name: 'wait',
  title: 'Wait for an answer',
  description:
    'Wait up to 50 seconds for the answer to what request_permission or request_approval asked. Returns the same handle again when nobody has answered yet: call wait again, or tell the user that you are waiting. Silence is never consent, however long it lasts. Waiting changes nothing, so it can be repeated after any failure.',
  isFor: (holds) => holds('permissions:request') || holds('approvals:read'),
  waits: true,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ handle, wait_seconds: waitSeconds }),
  output: answer,
  run: (desk, input) => untilAnswered(desk, input.handle, input.wait_seconds),
})
