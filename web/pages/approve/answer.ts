import { type UseMutationOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { client } from '../../api.ts'
import { type Fault, faultOf } from '../../parts/fault.ts'
import { look, readingKey, type Seen } from './reading.ts'

/** What a visitor fills in beside the button. */
export type Filled = { pin?: string; comment?: string; match_number?: string }

/** `accepted`: the server took it. `lost`: the line broke after sending, and what became of it was read afterwards. */
export type Answered = { seen: Seen; accepted: boolean; lost: boolean }

const settled = new Set<Fault['code']>(['APPROVAL_USED', 'APPROVAL_EXPIRED', 'APPROVAL_INVALIDATED', 'LOCKED'])
const unclear = new Set<Fault['code']>(['UNREACHABLE', 'UNAVAILABLE', 'INTERNAL'])

/** Sends; a stale CSRF token is replaced once, silently. The decision is still bound to the text that was shown. */
async function sendFresh(token: string, csrf: string, send: (csrf: string) => Promise<unknown>): Promise<void> {
  try {
    await send(csrf)
  } catch (error) {
    if (faultOf(error).code !== 'CSRF_FAILED') throw error
    const again = await look(token)
    await send(again.approval.csrf_token)
  }
}

/**
 * Sends an answer and returns what the server says afterwards, whoever won. Throws a Fault for what the visitor can
 * mend (PIN, comment, limit), and an unclear one when it could not be learnt whether the answer arrived.
 */
async function answer(token: string, csrf: string, send: (csrf: string) => Promise<unknown>): Promise<Answered> {
  let [accepted, lost] = [false, false]
  try {
    await sendFresh(token, csrf, send)
    accepted = true
  } catch (error) {
    const fault = faultOf(error)
    lost = unclear.has(fault.code)
    if (!lost && !settled.has(fault.code)) throw fault
  }
  return { seen: await look(token), accepted, lost }
}

/** True when it is not known whether the answer arrived: nothing newer than the failure has been read. */
export const isUnsure = (fault: Fault, seen: Seen): boolean => unclear.has(fault.code) && fault.at > seen.readAt

/** The line broke, and what was read since says that nothing arrived. */
export const wasLost = (fault: Fault, seen: Seen): boolean => unclear.has(fault.code) && fault.at <= seen.readAt

/** Puts what was read in place of the read that is waiting. */
function useSettle(token: string) {
  const queries = useQueryClient()
  return async ({ seen }: Answered): Promise<void> => {
    await queries.cancelQueries({ queryKey: readingKey(token) })
    queries.setQueryData(readingKey(token), seen)
  }
}

/** A mutation whose second press within one frame, before anything is drawn, sends nothing. */
function useOnce<Given>(options: UseMutationOptions<Answered, Fault, Given>) {
  const underway = useRef(false)
  const mutation = useMutation<Answered, Fault, Given>({
    ...options,
    onSettled: () => {
      underway.current = false
    },
  })
  const send = (given: Given) => {
    if (underway.current) return
    underway.current = true
    mutation.mutate(given)
  }
  return { ...mutation, send }
}

export function useAct(token: string, seen: Seen) {
  const settle = useSettle(token)
  const { csrf_token, action_hash, needs, signed_in_as } = seen.approval
  return useOnce<Filled & { action: string }>({
    mutationKey: ['approvals.act', token],
    mutationFn: async (filled) => {
      // What is asked of people who are signed in is loaded with what only they see.
      const proof = needs.passkey
        ? await (await import('./member.tsx')).proofOf(action_hash, signed_in_as?.passkeys)
        : {}
      return answer(token, csrf_token, (csrf) =>
        client.approvals.act.mutate({ ...filled, ...proof, token, csrf_token: csrf, action_hash }),
      )
    },
    onSuccess: settle,
  })
}

export function useReport(token: string, seen: Seen) {
  const settle = useSettle(token)
  return useOnce<void>({
    mutationKey: ['approvals.report', token],
    mutationFn: () =>
      answer(token, seen.approval.csrf_token, (csrf) => client.approvals.report.mutate({ token, csrf_token: csrf })),
    onSuccess: settle,
  })
}
