import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createMasterKey,
  MasterKeyFault,
  masterKeyFile,
  masterKeyIsExposed,
  readMasterKey,
} from '../../server/lib/masterkey.ts'

let dataDir = ''
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'countersign-key-')), 'data')
})
afterEach(() => rmSync(join(dataDir, '..'), { recursive: true }))

const read = (given?: Uint8Array) => readMasterKey({ dataDir, given })
const hex = (key: Uint8Array | undefined) => Buffer.from(key ?? []).toString('hex')

describe('the master key', () => {
  test('is undefined until it is made, then 32 bytes that only this account may read', () => {
    expect(read()).toBeUndefined()
    const key = createMasterKey(dataDir)
    expect(key).toHaveLength(32)
    expect(hex(read())).toBe(hex(key))
    expect(statSync(masterKeyFile(dataDir)).mode & 0o777).toBe(0o600)
    expect(masterKeyIsExposed(dataDir)).toBe(false)
    expect(readdirSync(dataDir)).toEqual(['master.key'])
  })

  test('is another one in each directory, and the given one goes before the file', () => {
    const key = createMasterKey(dataDir)
    const other = createMasterKey(join(dataDir, 'other'))
    expect(hex(other)).not.toBe(hex(key))
    expect(hex(read(other))).toBe(hex(other))
  })

  test('once made is never made again: a second maker gets the first one’s', () => {
    const key = createMasterKey(dataDir)
    const text = readFileSync(masterKeyFile(dataDir), 'utf8')
    expect(hex(createMasterKey(dataDir))).toBe(hex(key))
    expect(readFileSync(masterKeyFile(dataDir), 'utf8')).toBe(text)
    expect(readdirSync(dataDir)).toEqual(['master.key'])
  })

  test('in a file that holds something else is a fault that does not repeat it, and the file stays', () => {
    createMasterKey(dataDir)
    for (const spoilt of ['', '\n', 'canary', 'ab'.repeat(31), `${'ab'.repeat(32)} canary`]) {
      writeFileSync(masterKeyFile(dataDir), spoilt)
      let fault: unknown
      try {
        read()
      } catch (error) {
        fault = error
      }
      expect(fault).toBeInstanceOf(MasterKeyFault)
      expect(String(fault)).not.toContain('canary')
      expect(() => createMasterKey(dataDir)).toThrow(MasterKeyFault)
      expect(readFileSync(masterKeyFile(dataDir), 'utf8')).toBe(spoilt)
    }
  })

  test('that others may read is noticed', () => {
    expect(masterKeyIsExposed(dataDir)).toBe(false)
    createMasterKey(dataDir)
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(masterKeyFile(dataDir), mode)
      expect(masterKeyIsExposed(dataDir), mode.toString(8)).toBe(true)
    }
  })
})
