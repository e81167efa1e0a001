import { getCode } from './get-code.ts'
import { readRelease } from './read-release.ts'
import { readValue } from './read-value.ts'
import { requestApproval } from './request-approval.ts'
import { requestPermission } from './request-permission.ts'
import { shareSecret } from './share-secret.ts'
import type { Tool } from './tool.ts'
import { usePermission } from './use-permission.ts'
import { wait } from './wait.ts'

/** All tools, in the order in which a client lists them. */
export const tools: readonly Tool[] = [
  ...[requestPermission, usePermission, requestApproval, wait, readRelease],
  ...[getCode, shareSecret, readValue],
]

export const toolOf = (name: unknown): Tool | undefined => tools.find((one) => one.name === name)
