import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What curl printed, and the status of the reply. */
export type Curled = { status: number; body: string }

function curled(stdout: string): Curled {
  const at = stdout.lastIndexOf('\n')
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) }
}

const filledIn = (url: string, base: string, key: string) => (text: string) =>
  text.replaceAll('https://your-domain.com/api/v1', `${url}${base}`).replaceAll('sk_shareotp_...', key)

/** Runs a command of seed 3's page by curl, with nothing changed but the host, the prefix's host and the key. */
export const curlOf =
  (url: string) =>
  async (base: string, key: string, ...args: string[]): Promise<Curled> => {
    const { stdout } = await run('curl', ['-sS', '-w', '\n%{http_code}', ...args.map(filledIn(url, base, key))])
    return curled(stdout)
  }

/** The same for a command as the page prints it, through a shell. */
export const shellOf =
  (url: string) =>
  async (base: string, key: string, command: string): Promise<Curled> => {
    const text = filledIn(url, base, key)(command).replace(/^curl /, "curl -sS -w '\\n%{http_code}' ")
    return curled((await run('sh', ['-c', text])).stdout)
  }
