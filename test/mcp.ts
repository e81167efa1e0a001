import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  type CallToolResult,
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { afterAll } from 'vitest'
import { program } from './built.ts'

const clients: Client[] = []
afterAll(() => Promise.all(clients.map((client) => client.close())))

/** An address that a client was asked to show. */
export type Shown = { id: string; url: string; message: string }

type Wish = {
  /** Whether it can show addresses to its person. */
  shows?: boolean
}

/** The official client, with what it was asked to show and what it was told to take down. */
async function connected(transport: Transport, { shows = false }: Wish) {
  const client = new Client({ name: 'test', version: '1' }, { capabilities: shows ? { elicitation: { url: {} } } : {} })
  const [shown, done]: [Shown[], string[]] = [[], []]
  if (shows) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      if (params.mode !== 'url') throw new Error('A form was asked for.')
      shown.push({ id: params.elicitationId, url: params.url, message: params.message })
      return { action: 'accept' }
    })
    client.setNotificationHandler(ElicitationCompleteNotificationSchema, ({ params }) => {
      done.push(params.elicitationId)
    })
  }
  clients.push(client)
  await client.connect(transport)
  return {
    client,
    shown,
    done,
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name: string, args: Record<string, unknown> = {}, options = {}) =>
      told((await client.callTool({ name, arguments: args }, undefined, options)) as CallToolResult), // of a tool that is no task
  }
}

/** What a tool said: its answer, or its error as it was written. */
type Told = { error: string | undefined; text: string; [field: string]: unknown }

function told(result: CallToolResult): Told {
  const [first] = result.content
  const text = first?.type === 'text' ? first.text : ''
  return { ...result.structuredContent, error: result.isError ? text : undefined, text }
}

/** An MCP client at `/mcp` of a server. */
export const mcpOverHttp = (url: string, key: string, wish: Wish & { headers?: Record<string, string> } = {}) =>
  connected(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
      requestInit: { headers: wish.headers ?? { authorization: `Bearer ${key}` } },
    }) as Transport, // the library's own class, which strict optional properties keep from being its own type
    wish,
  )

/** An MCP client of `countersign mcp`, a process with nothing but an address and a key. */
export const mcpOverStdio = (url: string, key: string, wish: Wish = {}) =>
  connected(
    new StdioClientTransport({
      command: process.execPath,
      args: [program, 'mcp'],
      env: { PATH: process.env.PATH ?? '', COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key },
      stderr: 'pipe',
    }),
    wish,
  )
