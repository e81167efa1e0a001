import { scrypt } from 'node:crypto'
import { createServer } from 'node:http'
import { type Address, connect } from '../../server/lib/driver/connect.ts'

// A server that is wrong on purpose: it reads, then decides, then writes. `node naive.child.mjs ADDRESS`; prints its port.
const sql = connect(JSON.parse(process.argv[2] ?? '""') as Address, { max: 5, name: 'naive' })
/** A slow hash, as a PIN has one. */
const digest = (pin: string) =>
  new Promise<Buffer>((resolve, reject) =>
    scrypt(pin, 'salt', 32, { N: 4096 }, (fault, key) => (fault ? reject(fault) : resolve(key))),
  )
const right = await digest('1234')

/** Read-then-update: everybody who read "pending" wins. */
async function act(id: string): Promise<number> {
  const [row] = await sql`select status from naive where id = ${id}`
  if (row?.status !== 'pending') return 403
  await sql`with used as (update naive set status = 'executed' where id = ${id} returning id)
    insert into naive_told (id) select id from used`
  return 200
}

/** Read-then-delete: everybody who came before the first delete has the text. */
async function read(id: string): Promise<string> {
  const [row] = await sql`select told from naive_secret where id = ${id}`
  await sql`delete from naive_secret where id = ${id}`
  return row?.told ?? ''
}

/** Verify-then-bump: everybody who read a low count is judged. */
async function guess(id: string, pin: string): Promise<number> {
  const [row] = await sql`select attempts from naive where id = ${id}`
  if (row?.attempts >= 5) return 429
  await sql`insert into naive_told (id) values (${id})`
  if ((await digest(pin)).equals(right)) return 200
  await sql`update naive set attempts = attempts + 1 where id = ${id}`
  return 403
}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const [, what, id = ''] = (request.url ?? '').split('/')
  if (what === 'read') return response.end(await read(id))
  response.statusCode = what === 'act' ? await act(id) : await guess(id, body)
  response.end(String(response.statusCode))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.stdout.write(`${address.port}\n`)
})
