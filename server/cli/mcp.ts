import type { Readable } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { errorOf } from '../../clients/typescript/src/fault.ts'
import { patient } from '../../clients/typescript/src/patient.ts'
import { describeError } from '../lib/mishap.ts'
import { mcpServer } from '../mcp/server.ts'
import { callerOf, clientOf } from './client.ts'
import { callingBy, faultOf } from './mcp-call.ts'
import type { Terminal } from './terminal.ts'

const retries = 5

/** The names of the tools that a key has, which the instance's own `/mcp` tells: no operation tells a key its scopes. */
async function namesFor({ url, apiKey }: { url: string; apiKey: string }): Promise<Set<string>> {
  const ask = patient({ fetch: (request) => fetch(request), retries, timeout: 10_000, harmless: true })
  const headers = {
    authorization: `Bearer ${apiKey}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  const reply = await ask(new Request(`${url}/mcp`, { method: 'POST', headers, body }))
  const said = await reply.json().catch(() => undefined)
  if (!reply.ok) throw errorOf(reply, said)
  const { tools } = (said as { result: { tools: { name: string }[] } }).result // what the protocol says of the reply
  return new Set(tools.map(({ name }) => name))
}

/**
 * `mcp`: the tools on stdin and stdout, for a client on this machine, until it closes them. Like every command of a client
 * it knows an address and a key, and what it does goes through REST.
 */
export async function mcpOverStdio(terminal: Terminal): Promise<void> {
  const caller = callerOf(terminal)
  const input = terminal.input() as Readable // stdin is one, whatever stands behind it
  const left = new Promise((resolve) => input.once('end', resolve).once('close', resolve))
  const stopped = terminal.stopped()
  let names: Promise<Set<string>> | undefined
  const server = mcpServer({
    call: callingBy(clientOf(terminal)),
    url: caller.url,
    async offers({ name }) {
      names ??= namesFor(caller)
      try {
        return (await names).has(name)
      } catch (error) {
        names = undefined
        throw faultOf(error)
      }
    },
    // The instance counts what reaches it, and nothing else goes there.
    count: async () => undefined,
    failed: (fault) => terminal.err(`A call failed: ${JSON.stringify(describeError(fault))}`),
  })
  await server.connect(new StdioServerTransport(input))
  await Promise.race([left, stopped])
  await server.close()
  input.destroy()
}
