import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { variables } from '../../server/env.ts'
import { temporaryDirectory } from '../built.ts'
import { blocksOf, given, put } from '../deployed.ts'
import { installed } from '../faults/haproxy.ts'

const execute = promisify(execFile)

/** The variables of the environment that a text sets for the server; of `_FILE`s the variable. */
const known = new Set(Object.keys(variables.shape).flatMap((name) => [name, `${name}_FILE`]))

describe('the systemd units', () => {
  const verified = async (units: Record<string, string>) => {
    const dir = temporaryDirectory().replaceAll(' ', '-')
    mkdirSync(dir, { recursive: true })
    chmodSync(dir, 0o755)
    for (const [name, text] of Object.entries(units)) writeFileSync(join(dir, name), text)
    const program = installed('systemd-analyze', 'systemd')
    const files = Object.keys(units).map((name) => join(dir, name))
    const env = { ...process.env, SYSTEMD_LOG_LEVEL: 'warning' }
    const { stderr } = await execute(program, ['verify', '--man=no', '--recursive-errors=one', ...files], {
      env,
    }).catch((error) => error)
    return String(stderr)
      .split('\n')
      .filter((line) => line.includes('countersign'))
  }
  const atHand = (text: string) => text.replaceAll('/usr/bin/node', process.execPath)

  test('are understood to the letter; one with a misspelt word is not', async () => {
    const [service = '', timer = ''] = blocksOf('backup.md', 'ini')
    const units = {
      'countersign.service': atHand(given('countersign.service')),
      'countersign-backup.service': atHand(service),
      'countersign-backup.timer': timer,
    }
    expect(await verified(units)).toEqual([])
    const misspelt = put(units['countersign.service'], 'ProtectHome', 'ProtectHose')
    expect((await verified({ ...units, 'countersign.service': misspelt })).join()).toContain('ProtectHose')
  })

  test('name only variables that there are, and commands that there are', () => {
    const texts = [given('countersign.service'), ...blocksOf('backup.md', 'ini')].join('\n')
    const set = [...texts.matchAll(/^(?:Environment=|# .*echo )([A-Z_]+)=/gm)].map(([, name = '']) => name)
    expect(set).toContain('MASTER_KEY_FILE')
    expect(set.filter((name) => !known.has(name) && name !== 'NODE_ENV')).toEqual([])
  })

  test('leave little to be taken: systemd’s own measure is below 2.0', async () => {
    const dir = temporaryDirectory()
    const file = join(dir, 'countersign.service')
    writeFileSync(file, atHand(given('countersign.service')))
    const args = ['security', '--offline=true', '--no-pager', '--threshold=20', file]
    const { stdout } = await execute(installed('systemd-analyze', 'systemd'), args)
    expect(stdout).toContain('Overall exposure level')
  })
})
