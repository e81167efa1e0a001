import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, realpathSync } from 'node:fs'

/** Is it a system error with one of these codes? */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}

/** Is process `pid` the postmaster of this data directory (not dead, not a zombie, not somebody with a reused number)? */
export function isPostmaster(pid: number, data: string): boolean {
  try {
    if (process.platform !== 'linux') {
      const [state = '', name = ''] = execFileSync('ps', ['-o', 'state=,comm=', '-p', String(pid)], {
        encoding: 'utf8',
      })
        .trim()
        .split(/\s+/, 2)
      return !state.startsWith('Z') && name.endsWith('postgres')
    }
    // "pid (comm) state …"; a postmaster's working directory is its data directory.
    const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return (
      name === 'postgres' && state !== 'Z' && state !== 'X' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
    )
  } catch {
    return false
  }
}
