import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { packageRoot } from '../server/lib/root.ts'

/** Where our action is. */
export const actionPath = join(packageRoot, 'clients', 'github-action')

export type Yaml = string | Yaml[] | { [name: string]: Yaml }

const scalar = (text: string): string => text.replace(/^(['"])(.*)\1$/, '$2')

/**
 * The little YAML that an action.yml of ours is written in: maps and lists by indentation, one line for each scalar, comments
 * on lines of their own. @throws for anything else
 */
export function readYaml(text: string): Yaml {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*#/.test(line))
  const indent = (line = '') => line.length - line.trimStart().length
  const block = (least: number): Yaml => {
    const depth = indent(lines[0])
    if (lines.length === 0 || depth < least) return ''
    const list: Yaml[] = []
    const map: { [name: string]: Yaml } = {}
    while (lines.length > 0 && indent(lines[0]) === depth) {
      const line = lines.shift() ?? ''
      if (line.trimStart().startsWith('- ')) {
        lines.unshift(line.replace('- ', '  '))
        list.push(block(depth + 1))
        continue
      }
      const [, name, value = ''] = /^\s*([\w-]+):(?: (.*))?$/.exec(line) ?? []
      if (name === undefined || /^[|>&*[{!]|: | #/.test(value)) throw new Error(`Not our YAML: ${line}`)
      map[name] = value === '' ? block(depth + 1) : scalar(value)
    }
    return list.length > 0 ? list : map
  }
  const read = block(0)
  if (lines.length > 0) throw new Error(`Not our YAML: ${lines[0]}`)
  return read
}

/** Pairs of a file of outputs, as the runner reads them (`EnvFileKeyValuePairs` of actions/runner). */
export function readPairs(text: string): Record<string, string> {
  const lines = text.split(/\r\n|\n|\r/)
  const pairs: Record<string, string> = {}
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, heredoc, end] = /^([^=]*?)<<(.+)$/.exec(line) ?? []
    const [, name, value] = /^([^=]+)=(.*)$/.exec(line) ?? []
    if (heredoc !== undefined) {
      const at = lines.indexOf(end ?? '')
      if (at < 0) throw new Error('Matching delimiter not found')
      pairs[heredoc] = lines
        .splice(0, at + 1)
        .slice(0, -1)
        .join('\n')
    } else if (name !== undefined) pairs[name] = value ?? ''
    else if (line !== '') throw new Error(`Invalid format '${line}'`)
  }
  return pairs
}

const known =
  'add-mask|add-path|debug|echo|endgroup|error|group|notice|save-state|set-env|set-output|stop-commands|warning'

export type Command = { name: string; data: string }

/** The commands in a step's output, as the runner finds them (`ActionCommand`): `::` first in a line, `##[` anywhere. */
export const commandsIn = (stdout: string): Command[] =>
  stdout.split(/\r\n|\n|\r/).flatMap((line) => {
    const [, name = '', data = ''] =
      new RegExp(`^\\s*::(${known})(?: .*?)?::(.*)$`, 'i').exec(line) ??
      new RegExp(`##\\[(${known})(?: [^\\]]*)?\\](.*)$`, 'i').exec(line) ??
      []
    const read = data.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')
    return name === '' ? [] : [{ name, data: read }]
  })

type Action = {
  inputs: Record<string, { default?: string; required?: string }>
  outputs: Record<string, { value: string }>
  runs: { using: string; steps: { id: string; shell: string; run: string; env: Record<string, string> }[] }
}

/** Our action.yml. */
// The shape is what the test of the file itself asserts.
export const action = readYaml(readFileSync(join(actionPath, 'action.yml'), 'utf8')) as unknown as Action

const undo: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const step of undo) await step()
})

/** Runs the action's one step with these inputs, as a runner does. `script` replaces what the step runs. */
export function runAction(inputs: Record<string, string>, variables: Record<string, string> = {}, script?: string) {
  const [step] = action.runs.steps
  if (step?.shell !== 'bash') throw new Error('The step runs in bash.')
  const given = Object.fromEntries(Object.entries(action.inputs).map(([name, one]) => [name, one.default ?? '']))
  const values: Record<string, string> = { ...given, ...inputs, 'job-index': variables.JOB_INDEX ?? '0' }
  const filled = (text: string) =>
    text.replace(/\$\{\{ (?:inputs|strategy)\.([\w-]+) \}\}/g, (_, name: string) => values[name] ?? '')
  const directory = mkdtempSync(join(tmpdir(), 'countersign-runner-'))
  const [file, outputs, summary] = ['step.sh', 'outputs', 'summary'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ] // three of three
  for (const [path, text] of [
    [file, script ?? step.run],
    [outputs, ''],
    [summary, ''],
  ] as const)
    writeFileSync(path, text)
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', file], {
    cwd: directory,
    // A group of its own, so that nothing outlives the test; signals go to the one process all the same.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      GITHUB_ACTION_PATH: actionPath,
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'octo/app',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_WORKFLOW: 'Deploy',
      GITHUB_ACTOR: 'octocat',
      GITHUB_RUN_ID: '4711',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'deploy',
      GITHUB_ACTION: 'ask',
      RUNNER_TRACKING_ID: directory,
      ...Object.fromEntries(Object.entries(step.env).map(([name, text]) => [name, filled(text)])),
      ...variables,
    },
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string } & Told>((resolve) => {
    child.once('close', (code) => {
      const pairs = readPairs(readFileSync(outputs, 'utf8'))
      const mapped = Object.entries(action.outputs).map(([name, { value }]) => {
        const [, from = ''] = /^\$\{\{ steps\.ask\.outputs\.([\w-]+) \}\}$/.exec(value) ?? []
        return [name, pairs[from] ?? ''] as const
      })
      const told = { outputs: Object.fromEntries(mapped), summary: readFileSync(summary, 'utf8') }
      resolve({ code, stdout, stderr, commands: commandsIn(stdout), ...told })
    })
  })
  undo.push(async () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // All of it has ended.
    }
    await ended
    rmSync(directory, { recursive: true, force: true })
  })
  return {
    ended,
    stdout: () => stdout,
    /** As the runner cancels: a signal to the process that it started, then a harder one, then the end. */
    async cancel(first: 'SIGINT' | 'SIGTERM' = 'SIGINT', patience = 7500) {
      for (const signal of [first, 'SIGTERM', 'SIGKILL'] as const) {
        child.kill(signal)
        await Promise.race([exited, sleep(patience)])
        if (child.exitCode !== null || child.signalCode !== null) return
      }
    },
  }
}

export type Told = { outputs: Record<string, string>; summary: string; commands: Command[] }
