import { setTimeout as sleep } from 'node:timers/promises'

type Json = Record<string, unknown>

export type N8nNode = {
  id: string
  name: string
  type: string
  typeVersion: number
  position: [number, number]
  parameters: Record<string, unknown>
  retryOnFail?: boolean
  maxTries?: number
  onError?: 'continueErrorOutput'
  webhookId?: string
}

export type N8nWorkflow = {
  name: string
  nodes: N8nNode[]
  connections: Record<string, { main: { node: string; type: string; index: number }[][] }>
  settings: Json
}

type Run = {
  /** What the credential that the HTTP nodes ask for holds. */
  token: string
  /** What the person who imported it set in Question. */
  question: Json
  /** What a node's expressions see as the time, in ms. */
  now?: () => number
  /** Called with the name of each node that has run. */
  sees?: (name: string) => void
}

let executions = 230

/**
 * Runs a workflow as n8n does, one item at a time: node by node along its connections, retries and error outputs included.
 * Knows the nodes and parameters that our workflow uses, and throws at any other. Returns the names of the nodes it went by.
 */
export async function runWorkflow({ nodes, connections }: N8nWorkflow, run: Run): Promise<string[]> {
  const execution = String(++executions)
  const outputs = new Map<string, Json>()
  const went: string[] = []
  const evaluate = (text: unknown, $json: Json): unknown => {
    if (typeof text !== 'string' || !text.startsWith('=')) return text
    const context = {
      $json,
      $: (name: string) => ({ first: () => ({ json: outputs.get(name) ?? fail(`${name} has not run.`) }) }),
      $execution: { id: execution },
      $workflow: { id: 'aBcD1234' },
      Date: { now: run.now ?? Date.now, parse: Date.parse },
    }
    const value = (code: string): unknown =>
      new Function(...Object.keys(context), `return (${code})`)(...Object.values(context))
    const parts = text.slice(1).split(/\{\{(.*?)\}\}/s)
    // A text that is one expression keeps its type.
    if (parts.length === 3 && parts[0] === '' && parts[2] === '') return value(parts[1] ?? '')
    return parts.map((part, index) => (index % 2 === 0 ? part : String(value(part)))).join('')
  }

  let node = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger')
  let item: Json = {}
  while (node) {
    went.push(node.name)
    const [output, result] = await step(node, item)
    outputs.set(node.name, result)
    run.sees?.(node.name)
    const next: string | undefined = connections[node.name]?.main[output]?.[0]?.node
    node = next === undefined ? undefined : nodes.find(({ name }) => name === next)
    item = result
  }
  return went

  async function step(one: N8nNode, input: Json): Promise<[number, Json]> {
    const { type, parameters } = one
    switch (type.replace('n8n-nodes-base.', '')) {
      case 'manualTrigger':
      case 'noOp':
        return [0, input]
      case 'set': {
        const { assignments } = parameters.assignments as { assignments: { name: string; value: unknown }[] }
        const set = assignments.map(({ name, value }) => [name, run.question[name] ?? evaluate(value, input)])
        return [0, Object.fromEntries(set)]
      }
      case 'if':
        return [holds(parameters, input) ? 0 : 1, input]
      case 'wait':
        await sleep(20)
        return [0, input]
      case 'stopAndError':
        throw new Error(String(parameters.errorMessage))
      case 'httpRequest':
        return requestWithRetries(one, input)
      default:
        return fail(`${type} is not known here.`)
    }
  }

  function holds(parameters: Json, input: Json): boolean {
    const { conditions } = parameters.conditions as {
      conditions: { leftValue: string; rightValue: string; operator: { type: string; operation: string } }[]
    }
    return conditions.every(({ leftValue, rightValue, operator }) => {
      const left = evaluate(leftValue, input)
      // `typeValidation: strict`: another type is an error, not a no.
      if (typeof left !== operator.type) fail(`${leftValue} is no ${operator.type}.`)
      if (operator.operation === 'equals') return left === rightValue
      return operator.operation === 'true' ? left === true : fail(`${operator.operation} is not known here.`)
    })
  }

  async function requestWithRetries(one: N8nNode, input: Json): Promise<[number, Json]> {
    // n8n tries at most five times.
    for (let left = one.retryOnFail ? Math.min(5, one.maxTries ?? 3) : 1; ; left--) {
      try {
        return [0, await request(one, input)]
      } catch (error) {
        if (left > 1) await sleep(20)
        else if (one.onError === 'continueErrorOutput') return [1, { error: { message: String(error) } }]
        else throw error
      }
    }
  }

  async function request({ parameters }: N8nNode, input: Json): Promise<Json> {
    if (parameters.authentication !== 'genericCredentialType' || parameters.genericAuthType !== 'httpBearerAuth')
      fail('Only Bearer Auth is known here.')
    const pairs = (list: unknown) =>
      ((list as { parameters: { name: string; value: string }[] } | undefined)?.parameters ?? []).map(
        ({ name, value }): [string, string] => [name, String(evaluate(value, input))],
      )
    const address = new URL(String(evaluate(parameters.url, input)))
    if (parameters.sendQuery)
      for (const [name, value] of pairs(parameters.queryParameters)) address.searchParams.set(name, value)
    const sent = parameters.sendBody && parameters.specifyBody === 'json'
    const reply = await fetch(address, {
      method: String(parameters.method),
      headers: {
        authorization: `Bearer ${run.token}`,
        ...(sent ? { 'content-type': 'application/json' } : {}),
        ...Object.fromEntries(parameters.sendHeaders ? pairs(parameters.headerParameters) : []),
      },
      ...(sent ? { body: String(evaluate(parameters.jsonBody, input)) } : {}),
      signal: AbortSignal.timeout((parameters.options as { timeout: number }).timeout),
    })
    if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`)
    return (await reply.json()) as Json // what the service answers is an object
  }
}

function fail(sentence: string): never {
  throw new Error(sentence)
}
