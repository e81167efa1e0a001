import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readEnv, variables, withPreviousKey } from '../../server/env.ts'
import { envTable } from '../../server/env-table.ts'
import { packageRoot } from '../../server/lib/root.ts'
import { ConfigFault } from '../../server/lib/source.ts'
import { limits } from '../../shared/limits.ts'

const noFile = () => {
  throw new Error('no such file')
}
const read = (source: Record<string, string>) => readEnv(source, noFile)

function faultsOf(source: Record<string, string>, readFile: (path: string) => string = noFile): readonly string[] {
  try {
    readEnv(source, readFile)
  } catch (error) {
    if (error instanceof ConfigFault) return error.sentences
    throw error
  }
  return []
}

const key = 'a1'.repeat(32)

describe('the environment', () => {
  test('needs nothing: every variable has a default', () => {
    const config = read({})
    expect({ ...config }).toEqual({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      dataDir: join(process.cwd(), 'data'),
      databaseUrl: undefined,
      masterKey: undefined,
      previousMasterKeys: [],
      keyringDir: join(process.cwd(), 'data', 'keyring'),
      trustedProxies: [],
      outboundAllow: { networks: [], hosts: [] },
      signUp: 'invite',
      github: undefined,
      smtpUrl: undefined,
      mailFrom: 'Countersign <countersign@localhost>',
      rateLimits: {},
      demo: undefined,
      logLevel: 'info',
      drainSeconds: 0,
      metricsToken: undefined,
      traces: undefined,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('makes the public address from the port, and drops a slash at its end', () => {
    expect(read({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080')
    expect(read({ PORT: '80' }).publicUrl).toBe('http://localhost')
    expect(read({ PUBLIC_URL: 'https://Sign.Example.com/' }).publicUrl).toBe('https://sign.example.com')
  })

  test('names every fault at once, each in one sentence', () => {
    const faults = faultsOf({
      PORT: '70000',
      PUBLIC_URL: 'ftp://x',
      DEMO: 'yes',
      MASTER_KEY: 'short',
      LOG_LEVEL: 'loud',
      HOST: '',
    })
    expect(faults).toHaveLength(6)
    for (const name of ['PORT', 'PUBLIC_URL', 'DEMO', 'MASTER_KEY', 'LOG_LEVEL', 'HOST'])
      expect(faults.filter((fault) => fault.startsWith(`${name} `))).toHaveLength(1)
  })

  test.each([
    ['PORT', ['0', '65536', '-1', '3e3', '0x10', ' 80', '80.0', '٣٠٠٠', 'http']],
    ['HOST', ['a b', 'http://x', '1.2.3.4:80', '[::1]', 'x'.repeat(254)]],
    ['PUBLIC_URL', ['x', 'https://a/b', 'https://a?b', 'https://a#b', 'https://u:p@a', 'javascript:1', 'https://']],
    ['DATABASE_URL', ['mysql://h/d', 'h/d', 'postgres://u:p#x@h:y/d', 'postgres//h']],
    ['MASTER_KEY', ['a1'.repeat(31), 'a1'.repeat(32).slice(1), 'not a key', 'QUJD', '✓'.repeat(40)]],
    [
      'TRUSTED_PROXIES',
      ['10.0.0.0/33', '10.0.0', '010.0.0.1', 'a', '10.0.0.1,', '::1/129', '10.0.0.0/8/8', '10.0.0.0/'],
    ],
    [
      'RATE_LIMITS',
      ['key read', 'key read=1', 'key read=0/60', 'nothing=1/60', 'key read=1/60,', '=1/60', 'key read=1/0'],
    ],
    ['DEMO', ['true', 'ON', '1', '0', 'no', 'of', ' off']],
    ['LOG_LEVEL', ['INFO', 'verbose', '30']],
    ['DRAIN_SECONDS', ['-1', '2.5', '5s', '1000', '']],
    ['METRICS_TOKEN', ['a b', 'ü', 'a\nb']],
    ['DATA_DIR', ['']],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', ['localhost:4318', 'grpc://h', 'http://h/?key=x', 'x']],
    ['OTEL_EXPORTER_OTLP_HEADERS', ['x', 'a=b,', 'a=%zz', 'a b=c', 'a=b\r\nc=d']],
    ['OTEL_TRACES_SAMPLER', ['on', 'PARENTBASED_ALWAYS_ON', 'jaeger_remote']],
    ['OTEL_TRACES_SAMPLER_ARG', ['2', '-1', '1e-1', 'half']],
    ['PREVIOUS_MASTER_KEYS', [`${'a1'.repeat(32)},`, 'a1'.repeat(31), `${'a1'.repeat(32)};${'b2'.repeat(32)}`, ',']],
    ['KEYRING_DIR', ['']],
    ['SIGN_UP', ['closed', 'Open', '1']],
    ['GITHUB_BASE_URL', ['x', 'https://git.example.com/api', 'ssh://git@h']],
    ['SMTP_URL', ['http://h', 'h:25', 'smtp://', 'smtp//h']],
    ['MAIL_FROM', ['Ana', 'a@b@c', 'Ana <ana>', 'Ana\r\nBcc: x <a@b>', '"A" <a@b>']],
  ])('refuses a %s that is not one, and never guesses', (name, values) => {
    for (const value of values) expect(faultsOf({ [name]: value }), `${name}=${value}`).toHaveLength(1)
  })

  test('takes the two halves of a GitHub app together only', () => {
    expect(faultsOf({ GITHUB_CLIENT_ID: 'a' })).toHaveLength(1)
    expect(faultsOf({ GITHUB_CLIENT_SECRET: 'a' })).toHaveLength(1)
    const both = { GITHUB_CLIENT_ID: 'a', GITHUB_CLIENT_SECRET: 'b' }
    expect(read(both).github).toEqual({ clientId: 'a', clientSecret: 'b', baseUrl: 'https://github.com' })
    expect(read({ ...both, GITHUB_BASE_URL: 'https://git.example.com' }).github?.baseUrl).toBe(
      'https://git.example.com',
    )
  })

  test('never repeats what was given, in a fault, a log line or an inspection', () => {
    const canary = 'canary5ecret'
    const faults = faultsOf({
      MASTER_KEY: canary,
      DATABASE_URL: `x://${canary}`,
      METRICS_TOKEN: `${canary} ${canary}`,
      DEMO: canary,
    })
    expect(faults).toHaveLength(4)
    expect(faults.join()).not.toContain(canary)
    const url = `postgres://u:${canary}@h/d`
    const config = read({
      MASTER_KEY: key,
      DATABASE_URL: url,
      METRICS_TOKEN: canary,
      SMTP_URL: `smtp://u:${canary}@h`,
      GITHUB_CLIENT_ID: 'id',
      GITHUB_CLIENT_SECRET: canary,
    })
    expect(config.databaseUrl).toBe(url)
    for (const shown of [
      JSON.stringify(config),
      inspect(config),
      inspect({ deep: { config } }, { depth: 9 }),
      `${config}`,
    ]) {
      expect(shown).not.toContain(canary)
      expect(shown).not.toMatch(/161,\s*161/)
    }
    // The control: the same object without its prototype shows everything.
    expect(inspect({ ...config })).toContain(canary)
  })

  test('reads a master key as hex or base64, and hex digits are never taken for base64', () => {
    const bytes = Buffer.from(key, 'hex')
    for (const text of [key, key.toUpperCase(), bytes.toString('base64'), bytes.toString('base64url')])
      expect(Buffer.from(read({ MASTER_KEY: text }).masterKey ?? []).equals(bytes)).toBe(true)
    // 44 hex digits would be 33 bytes of base64.
    expect(faultsOf({ MASTER_KEY: 'ab'.repeat(22) })).toHaveLength(1)
  })

  test('reads master keys from before, split by commas, and never shows one', () => {
    const older = ['b2'.repeat(32), Buffer.from('c3'.repeat(32), 'hex').toString('base64')]
    const config = read({ MASTER_KEY: key, PREVIOUS_MASTER_KEYS: older.join(', ') })
    const again = withPreviousKey(config, Buffer.from('d4'.repeat(32), 'hex'))
    expect(again.previousMasterKeys.map((one) => Buffer.from(one).toString('hex').slice(0, 2))).toEqual([
      'b2',
      'c3',
      'd4',
    ])
    expect(config.previousMasterKeys).toHaveLength(2)
    expect(Object.isFrozen(again)).toBe(true)
    for (const shown of [JSON.stringify(again), inspect(again)]) expect(shown).not.toMatch(/178|b2b2|212|d4d4/)
  })

  test('keeps the keyring below DATA_DIR, or where it is told to', () => {
    expect(read({ DATA_DIR: '/srv/sign' }).keyringDir).toBe('/srv/sign/keyring')
    expect(read({ DATA_DIR: '/srv/sign', KEYRING_DIR: '/mnt/keys' }).keyringDir).toBe('/mnt/keys')
  })

  test('reads any variable from the file that NAME_FILE names, without the newline at its end', () => {
    const files: Record<string, string> = { '/run/key': `${key}\n`, '/run/port': '4000\r\n', '/run/token': 'two\n\n' }
    const readFile = (path: string) => files[path] ?? noFile()
    const config = readEnv({ MASTER_KEY_FILE: '/run/key', PORT_FILE: '/run/port' }, readFile)
    expect(config.port).toBe(4000)
    expect(Buffer.from(config.masterKey ?? []).toString('hex')).toBe(key)
    expect(faultsOf({ METRICS_TOKEN_FILE: '/run/token' }, readFile)).toHaveLength(1)
  })

  test('refuses a file that is empty or cannot be read, and a name that is set twice', () => {
    const faults = faultsOf({ PORT_FILE: '/none', DEMO: 'on', DEMO_FILE: '/x', MASTER_KEY_FILE: '/empty' }, (path) =>
      path === '/empty' ? '\n' : noFile(),
    )
    expect([...faults].sort()).toEqual([
      'DEMO and DEMO_FILE are both set; keep one.',
      'MASTER_KEY_FILE names an empty file.',
      'PORT_FILE names a file that cannot be read.',
    ])
  })

  test('a variable that is set but empty is a fault: an empty secret must not mean a default', () => {
    for (const name of Object.keys(variables.shape))
      expect(faultsOf({ [name]: '' })).toEqual([`${name} is set but empty; give it a value or unset it.`])
  })

  test('reads rate limits by class, * for all of them, the later entry wins', () => {
    expect(read({ RATE_LIMITS: 'key read=9/1, public demo = 5/60' }).rateLimits).toEqual({
      'key read': { max: 9, seconds: 1 },
      'public demo': { max: 5, seconds: 60 },
    })
    const all = read({ RATE_LIMITS: '*=1000000/60,key write=1/60' }).rateLimits
    expect(Object.keys(all).sort()).toEqual(Object.keys(limits).sort())
    expect(all['key write']).toEqual({ max: 1, seconds: 60 })
    expect(all['approval read']).toEqual({ max: 1000000, seconds: 60 })
  })

  test('reads proxies, several database hosts and unix sockets', () => {
    expect(read({ TRUSTED_PROXIES: '10.0.0.0/8, ::1,fd00::/8' }).trustedProxies).toEqual([
      '10.0.0.0/8',
      '::1',
      'fd00::/8',
    ])
    for (const url of ['postgres://h1:1,h2:2/d', 'postgresql://u@localhost/d?host=/run/pg', 'postgres://u:p%23@h/d'])
      expect(read({ DATABASE_URL: url }).databaseUrl).toBe(url)
  })
})

describe('README.md', () => {
  test('shows the table that the environment itself makes (npm run docs writes it)', () => {
    const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8')
    const [, table] = /<!-- env:start -->\n([\s\S]*?)\n<!-- env:end -->/.exec(readme) ?? []
    expect(table).toBe(envTable())
  })

  test('the table names each variable with its default and what it is', () => {
    const lines = envTable().split('\n').slice(2)
    expect(lines.map((line) => /^\| `(\w+)` \| \S.* \| \S.* \|$/.exec(line)?.[1])).toEqual(Object.keys(variables.shape))
  })
})
