import { lookup } from 'node:dns'
import { request } from 'node:https'
import type { LookupFunction } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type OutboundOptions, openOutbound } from '../../server/lib/outbound.ts'
import { isPublic } from '../../server/lib/outbound-address.ts'
import { targetOf } from '../../server/lib/outbound-url.ts'
import { certificateFor, sink } from '../sink.ts'

const nothing = { networks: [], hosts: [] }
const loopback = { networks: ['127.0.0.1'], hosts: [] }
const tls = certificateFor('DNS:hooks.test', 'IP:127.0.0.1')

/** How a request ended: its status, or the code of its fault. */
async function endOf(options: Partial<OutboundOptions>, url: string, timeoutMs?: number): Promise<number | string> {
  const outbound = openOutbound({ allowed: nothing, ...options })
  const late = timeoutMs === undefined ? {} : { timeoutMs }
  return outbound.send({ url, headers: {}, body: '{}', ...late }).then(
    ({ status }) => status,
    (thrown) => thrown.code,
  )
}

describe('an address', () => {
  test.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.100.100.200',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '192.168.255.255',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.7',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::2',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::169.254.169.254',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:0:7f00:1::',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2001:db8:ffff::1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '3fff::1',
    '3fff:fff::1',
    '5f00::1',
    'fc00::1',
    'fd00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fec0::1',
    'ff00::1',
    'ff02::1',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'localhost',
    '',
    '1.2.3',
    '8.8.8.8.',
  ])('of nobody outside is refused: %s', (address) => {
    expect(isPublic(address)).toBe(false)
  })

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
    '168.63.129.15',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2003::1',
    '2400:cb00::1',
    '2606:4700::1111',
    '2a00:1450:4001::200e',
    '3ffe::1',
  ])('of the Internet is none of those: %s', (address) => {
    expect(isPublic(address)).toBe(true)
  })
})

describe('a URL', () => {
  test.each([
    ['https://127.1/', 'ADDRESS_NOT_ALLOWED'],
    ['https://2130706433/', 'ADDRESS_NOT_ALLOWED'],
    ['https://0x7f000001/', 'ADDRESS_NOT_ALLOWED'],
    ['https://0177.0.0.1/', 'ADDRESS_NOT_ALLOWED'],
    ['https://127.0.0.1./', 'ADDRESS_NOT_ALLOWED'],
    ['https://①②⑦.⓪.⓪.①/', 'ADDRESS_NOT_ALLOWED'],
    ['https://127。0。0。1/', 'ADDRESS_NOT_ALLOWED'],
    ['https://%31%32%37.0.0.1/', 'ADDRESS_NOT_ALLOWED'],
    ['https://[::ffff:7f00:1]/', 'ADDRESS_NOT_ALLOWED'],
    ['https://[0:0:0:0:0:0:0:1]:8443/', 'ADDRESS_NOT_ALLOWED'],
    ['https:\\\\127.0.0.1\\', 'ADDRESS_NOT_ALLOWED'],
    ['https:127.0.0.1', 'ADDRESS_NOT_ALLOWED'],
    ['http://hooks.example.com/', 'NOT_HTTPS'],
    ['https://hooks.example.com:25/', 'PORT_NOT_ALLOWED'],
    ['https://hooks.example.com:80/', 'PORT_NOT_ALLOWED'],
    ['https://user@hooks.example.com/', 'INVALID_URL'],
    ['https://hooks.example.com@127.0.0.1/', 'INVALID_URL'],
    ['https://hooks.example.com/#x', 'INVALID_URL'],
    ['file:///etc/passwd', 'INVALID_URL'],
    ['gopher://127.0.0.1/', 'INVALID_URL'],
    ['//hooks.example.com/', 'INVALID_URL'],
    ['https://[fe80::1%25eth0]/', 'INVALID_URL'],
    ['https://a b/', 'INVALID_URL'],
    ['https://./', 'INVALID_URL'],
  ])('%s is refused as %s', (url, code) => {
    expect(targetOf(url, nothing)).toBe(code)
  })

  test('is taken apart as its connection wants it', () => {
    expect(targetOf('https://Hooks.Example.COM.:8443/a%20b?c=d', nothing)).toEqual({
      secure: true,
      host: 'hooks.example.com',
      isAddress: false,
      port: 8443,
      path: '/a%20b?c=d',
      authority: 'hooks.example.com:8443',
    })
    expect(targetOf('https://bücher.example/', nothing)).toMatchObject({
      host: 'xn--bcher-kva.example',
      port: 443,
      path: '/',
    })
    expect(targetOf('https://[2606:4700::1111]/', nothing)).toMatchObject({
      host: '2606:4700::1111',
      authority: '[2606:4700::1111]',
    })
  })

  test('of a receiver that the operator allows may be http, and at any port', () => {
    const allowed = { networks: ['10.0.0.0/8'], hosts: ['hooks.internal'] }
    for (const url of ['http://hooks.internal/', 'http://10.1.2.3:81/', 'https://hooks.internal:22/'])
      expect(targetOf(url, allowed)).toMatchObject({ path: '/' })
    expect(targetOf('http://hooks.internal.example.com/', allowed)).toBe('NOT_HTTPS')
    expect(targetOf('http://11.1.2.3/', allowed)).toBe('NOT_HTTPS')
    expect(targetOf('https://192.168.0.1/', allowed)).toBe('ADDRESS_NOT_ALLOWED')
  })
})

describe('a name', async () => {
  const inside = await sink((_, reply) => reply.end('inside'), tls)

  test('that stands for one address inside is refused, whatever else it stands for, and nobody is connected to', async () => {
    for (const addresses of [
      ['127.0.0.1'],
      ['1.1.1.1', '127.0.0.1'],
      ['2606:4700::1111', '::1'],
      ['::ffff:127.0.0.1'],
      ['64:ff9b::7f00:1'],
    ])
      expect(await endOf({ resolve: async () => addresses, ca: tls.cert }, `https://hooks.test:${inside.port}/`)).toBe(
        'ADDRESS_NOT_ALLOWED',
      )
    expect(inside.connections()).toBe(0)
  })

  test('that is rebound between the look and the connection reaches nobody inside, 100 times of 100', async () => {
    // An address that may be sent to, and at which nobody answers, at the first look; the sink's ever after.
    const allowed = { networks: ['127.0.0.2'], hosts: [] }
    let asked = 0
    const flips = () => {
      let looks = 0
      return async () => {
        asked++
        return looks++ === 0 ? ['127.0.0.2'] : ['127.0.0.1']
      }
    }
    const url = `https://hooks.test:${inside.port}/`
    const ends = await Promise.all(
      Array.from({ length: 100 }, () => endOf({ allowed, resolve: flips(), ca: tls.cert }, url)),
    )
    expect(ends.filter((end) => !['REFUSED', 'UNREACHABLE'].includes(String(end)))).toEqual([])
    expect(asked).toBe(100)
    expect(inside.connections()).toBe(0)
  })

  test('that is rebound does reach it when it is looked at first and resolved again by the connection (control)', async () => {
    const before = inside.connections()
    let looks = 0
    const resolve = async () => (looks++ === 0 ? '1.1.1.1' : '127.0.0.1')
    expect(isPublic(await resolve())).toBe(true)
    const again: LookupFunction = (_name, { all }, done) => {
      void resolve().then((address) => (all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)))
    }
    const status = await new Promise((answered, failed) => {
      request({ host: 'hooks.test', port: inside.port, ca: tls.cert, lookup: again, agent: false }, (reply) => {
        reply.resume()
        answered(reply.statusCode)
      })
        .on('error', failed)
        .end()
    })
    expect([status, inside.connections() - before]).toEqual([200, 1])
  })

  test('that nobody has, and a resolver that fails, are told as such', async () => {
    expect(await endOf({ resolve: async () => [] }, 'https://hooks.test/')).toBe('NAME_NOT_FOUND')
    const fails = () => Promise.reject(new Error('SERVFAIL'))
    expect(await endOf({ resolve: fails }, 'https://hooks.test/')).toBe('NAME_NOT_FOUND')
    expect(await endOf({ resolve: () => new Promise(() => undefined) }, 'https://hooks.test/', 50)).toBe('TIMEOUT')
  })

  test('that the operator allows is asked of the system, and may be inside', async () => {
    const address = await new Promise((found) => lookup('localhost', { family: 4 }, (_, one) => found(one)))
    expect(address).toBe('127.0.0.1')
    const plain = await sink((_, reply) => reply.end('plain'))
    expect(await endOf({ allowed: { networks: [], hosts: ['localhost'] } }, `http://localhost:${plain.port}/`)).toBe(
      200,
    )
    expect(await endOf({}, `http://localhost:${plain.port}/`)).toBe('NOT_HTTPS')
    expect(plain.connections()).toBe(1)
  })
})

describe('a receiver', () => {
  const trusting = { allowed: loopback, ca: tls.cert, resolve: async () => ['127.0.0.1'] }

  test('gets the request as it was made, under its own name', async () => {
    const heard: unknown[] = []
    const { port } = await sink(async (request, reply) => {
      let body = ''
      for await (const chunk of request.setEncoding('utf8')) body += chunk
      heard.push([request.method, request.url, request.headers.host, request.headers['x-own'], body])
      reply.writeHead(201, { 'x-answer': 'yes' }).end('done')
    }, tls)
    const sent = { url: `https://hooks.test:${port}/in?a=b`, headers: { 'x-own': '1' }, body: '{"é":1}' }
    const reply = await openOutbound(trusting).send(sent)
    expect(reply).toMatchObject({ status: 201, body: 'done', headers: { 'x-answer': 'yes' } })
    expect(heard).toEqual([['POST', '/in?a=b', `hooks.test:${port}`, '1', '{"é":1}']])
  })

  test('whose certificate is not its own, or of nobody that is trusted, gets nothing', async () => {
    let requests = 0
    const { port } = await sink((_, reply) => {
      requests++
      reply.end()
    }, tls)
    expect(await endOf(trusting, `https://other.test:${port}/`)).toBe('TLS')
    expect(await endOf({ allowed: loopback, resolve: trusting.resolve }, `https://hooks.test:${port}/`)).toBe('TLS')
    const plain = await sink((_, reply) => reply.end())
    expect(await endOf(trusting, `https://hooks.test:${plain.port}/`)).toBe('TLS')
    expect(requests).toBe(0)
  })

  test('that redirects is not followed', async () => {
    const metadata = await sink((_, reply) => reply.end('credentials'))
    const to = [`http://127.0.0.1:${metadata.port}/`, 'http://169.254.169.254/latest/meta-data/']
    for (const location of to)
      for (const status of [301, 302, 303, 307, 308]) {
        const { port } = await sink((_, reply) => reply.writeHead(status, { location }).end(), tls)
        expect(await endOf(trusting, `https://hooks.test:${port}/`)).toBe(status)
      }
    expect(metadata.connections()).toBe(0)
  })

  test('that hangs, before its reply or in the middle, is left in time', async () => {
    const [mute, half] = [
      await sink(() => undefined, tls),
      await sink((_, reply) => reply.writeHead(200).write('x'), tls),
    ]
    for (const { port } of [mute, half])
      expect(await endOf(trusting, `https://hooks.test:${port}/`, 300)).toBe('TIMEOUT')
  })

  test('that floods is cut off after 64 KiB', async () => {
    let sent = 0
    let cut = false
    const { port } = await sink((_, reply) => {
      reply.on('close', () => {
        cut = true
      })
      const pour = () => {
        while (!cut && reply.write('x'.repeat(16_384))) sent += 16_384
        if (!cut) reply.once('drain', pour)
      }
      pour()
    }, tls)
    const reply = await openOutbound(trusting).send({ url: `https://hooks.test:${port}/`, headers: {}, body: '' })
    expect([reply.status, reply.body.length]).toEqual([200, 65_536])
    await expect.poll(() => cut).toBe(true)
    expect(sent).toBeLessThan(32 * 1024 * 1024)
  })

  test('whose headers flood, who talks nonsense, hangs up or is not there is told by a code, never by a text', async () => {
    const many = await sink((_, reply) => reply.writeHead(200, { 'x-much': 'y'.repeat(20_000) }).end(), tls)
    expect(await endOf(trusting, `https://hooks.test:${many.port}/`)).toBe('BAD_REPLY')
    const odd = await sink((request) => request.socket.end('SSH-2.0-odd\r\n\r\n'), tls)
    expect(await endOf(trusting, `https://hooks.test:${odd.port}/`)).toBe('BAD_REPLY')
    const gone = await sink((request) => request.socket.destroy(), tls)
    expect(await endOf(trusting, `https://hooks.test:${gone.port}/`)).toBe('BROKEN')
    expect(await endOf({ allowed: loopback }, 'http://127.0.0.1:1/secret')).toBe('REFUSED')
    const said = await openOutbound({ allowed: loopback })
      .send({ url: 'http://127.0.0.1:1/secret', headers: {}, body: '' })
      .catch((thrown: Error) => JSON.stringify([thrown.message, thrown.stack, thrown.cause ?? null]))
    expect(said).not.toContain('/secret')
  })

  test('is reached directly, whatever proxy the environment names', async () => {
    const proxy = await sink((_, reply) => reply.writeHead(502).end())
    const direct = await sink((_, reply) => reply.end(), tls)
    const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy', 'NODE_USE_ENV_PROXY']
    const before = names.map((name) => [name, process.env[name]] as const)
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`
    try {
      expect(await endOf(trusting, `https://hooks.test:${direct.port}/`)).toBe(200)
    } finally {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    }
    expect(proxy.connections()).toBe(0)
  })
})
