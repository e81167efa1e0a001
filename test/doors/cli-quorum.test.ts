import { expect, test } from 'vitest'
import { wishOf } from '../../server/cli/asking.ts'
import { strangeness } from '../../server/cli/bound.ts'
import { as } from '../as.ts'
import { command, type Here } from '../cli.ts'
import { makeAsker } from '../make.ts'
import { makePerson } from '../people.ts'
import { serve } from '../serve.ts'
import { vote } from '../voting.ts'

const { url, world } = await serve()
const { key, actor, project } = await makeAsker(world)
const here: Here = { COUNTERSIGN_URL: url, COUNTERSIGN_API_KEY: key }
const asking = (...line: string[]) => command(['approve', ...line], here)
const read = async (approval_id: string) => as(world, actor).approvals.get({ approval_id })
const [ana, ben] = [await makePerson(world, project, 'ADMIN'), await makePerson(world, project, 'MEMBER')]

test('each --approvers is one group of so many, beside whoever --approver names one by one', async () => {
  const { code, stdout } = await asking(
    ...['cli/groups', '--approvers', '2 of Ana@Example.com, ben@example.com,role:ADMIN', '--approvers', 'role:MEMBER'],
    ...['--approver', 'eve@example.com', '--approver', 'role:OWNER', '--passkey'],
    ...['--action', 'go=1:Go:primary', '--action', 'stop=2:Stop:warning:veto', '--action', 'no=3:No:danger:no-veto'],
  ).ended
  expect(code).toBe(0)
  expect(await read(stdout.trim())).toMatchObject({
    needs: { passkey: true },
    approvers: [
      { any_of: ['eve@example.com', 'role:OWNER'], required: 1 },
      { any_of: ['ana@example.com', 'ben@example.com', 'role:ADMIN'], required: 2 },
      { any_of: ['role:MEMBER'], required: 1 },
    ],
    actions: [{ key: 'go' }, { key: 'stop', veto: true }, { key: 'no', veto: false }],
  })
})

test('a group that is none is a usage fault, and one that can never be met is said by the server', async () => {
  for (const word of ['0 of role:ADMIN', '11 of role:ADMIN', '2 of root', '', 'a@example.com,,b@example.com'])
    expect(await asking('cli/none', '--approvers', word).ended, word).toMatchObject({ code: 2, stdout: '' })
  const { code, stderr } = await asking('cli/none', '--approvers', '2 of ana@example.com').ended
  expect(code).toBe(1)
  expect(stderr).toContain('can never agree')
})

test('it waits until all have agreed, and prints the number that each of them types', async () => {
  const asked = asking(
    'cli/waits',
    '--approvers',
    'role:ADMIN',
    '--approvers',
    'role:MEMBER',
    '--match-number',
    '--wait',
  )
  await expect.poll(asked.stderr, { timeout: 15_000 }).toMatch(/Number: \d{3}/)
  const [, match_number] = /Number: (\d{3})/.exec(asked.stderr()) ?? []
  const { items } = await as(world, actor).approvals.list({ key_path: 'cli/waits', limit: 1 })
  const [{ approval_id, action_hash } = { approval_id: '', action_hash: '' }] = items
  for (const person of [ana, ben]) await vote(world, person, { approval_id, action_hash }, 'approve', { match_number })
  expect(await asked.ended).toMatchObject({ code: 0, stdout: 'approved\n' })
})

test('an action that is a veto is a no, whatever its style says: one person gave it', async () => {
  const asked = asking(
    ...['cli/veto', '--approvers', '2 of role:ADMIN, role:MEMBER', '--wait'],
    ...['--action', 'go=1::primary', '--action', 'halt=halted::primary:veto'],
  )
  const newest = async () => (await as(world, actor).approvals.list({ key_path: 'cli/veto', limit: 1 })).items[0]
  await expect.poll(newest, { timeout: 15_000 }).toBeDefined()
  const found = await newest()
  if (found) await vote(world, ana, found, 'halt')
  expect(await asked.ended).toMatchObject({ code: 3, stdout: 'halted\n' })
})

test('what run holds against the answer is the rule as well: groups, vetoes and the passkey', async () => {
  const approvers = [
    { any_of: ['role:ADMIN', 'role:MEMBER'], required: 2 },
    { any_of: ['role:ADMIN'], required: 1 },
  ]
  const action = [
    { key: 'go', value: '1' },
    { key: 'halt', value: '2', veto: true },
  ]
  const wish = wishOf('cli/run', { approvers, action, passkey: true })
  const asked = await as(world, actor).approvals.create(wish)
  expect(strangeness(wish, asked, await read(asked.approval_id))).toBeUndefined()
  for (const other of [
    { approvers: [{ any_of: ['role:ADMIN', 'role:MEMBER'], required: 1 }] },
    { approvers: approvers.slice(0, 1) },
    { passkey: false },
    { actions: action.map(({ key, value }) => ({ key, value })) },
  ])
    expect(strangeness({ ...wish, ...other }, asked)).toContain('bound to something else')
})
