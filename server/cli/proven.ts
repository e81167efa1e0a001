import {
  type Client,
  type CountersignError,
  type Jwks,
  type Receipt,
  ReceiptError,
  verifyReceipt,
} from '../../clients/typescript/src/index.ts'
import { refused } from './client.ts'
import { keysFrom } from './published.ts'
import { CommandFault, type Terminal } from './terminal.ts'

export type ProofOptions = { jwks?: string; project?: string }

/** What receipts are judged by, fixed before anybody is asked: what answers later cannot choose it. */
export type Proof = { jwks: Jwks; project: string | undefined /** Ms since 1970. */; since: number }

/** How far (ms) the clocks of a server and of whoever asks it may be apart. */
const skew = 60_000

/** The keys that are pinned, or those that the server publishes now. */
export async function proofFor(terminal: Terminal, client: Client, options: ProofOptions): Promise<Proof> {
  const { COUNTERSIGN_JWKS, COUNTERSIGN_PROJECT } = terminal.environment
  const word = options.jwks ?? COUNTERSIGN_JWKS
  const jwks = word ? await keysFrom(terminal, word) : await client.jwks().catch(refused)
  return { jwks, project: options.project ?? (COUNTERSIGN_PROJECT || undefined), since: Date.now() }
}

const isNo = (error: unknown): error is CountersignError => error instanceof Error && 'code' in error

/** A sentence for a receipt that is not there, or proves nothing. */
function unproven(error: unknown): never {
  if (!isNo(error)) throw error
  const why = error instanceof ReceiptError ? 'The receipt of the answer proves nothing: ' : 'There is no receipt: '
  throw new CommandFault(`${why}${error.message} Nothing was run.`)
}

/** The receipt of the answer to what was asked, once it is proven by the keys from before the question, and of this run's time. */
export async function proven(
  client: Client,
  { jwks, project, since }: Proof,
  { id: approvalId, actionHash }: { id: string; actionHash: string },
): Promise<{ receipt: string; said: Receipt }> {
  const receipt = await client.approvals.receipt(approvalId).catch(unproven)
  const said = await verifyReceipt(receipt, jwks, { approvalId, actionHash, project }).catch(unproven)
  const decided = Date.parse(said.decided_at)
  if (decided < since - skew || decided > Date.now() + skew)
    throw new CommandFault(
      `The receipt is of another time (${said.decided_at}): it was used before, or the clock here is wrong. Nothing was run.`,
    )
  return { receipt, said }
}

/** Uses the receipt up, so that one yes runs one command. Not repeated: when the reply is lost nobody knows whether it counted. */
export async function usedUp(client: Client, id: string, receipt: string): Promise<void> {
  const { approval_id } = await client.approvals.consumeReceipt(id, receipt).catch((error: unknown) => {
    if (!isNo(error)) throw error
    throw new CommandFault(`The receipt could not be used: ${error.message} Nothing was run.`)
  })
  if (approval_id !== id) throw new CommandFault('Another receipt was used. Nothing was run.')
}
