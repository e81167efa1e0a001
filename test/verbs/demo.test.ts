import { expect, test } from 'vitest'
import { asVisitor } from '../as.ts'
import { makeProject } from '../make.ts'
import { testWorld } from '../serve.ts'

const ask = (world: Awaited<ReturnType<typeof testWorld>>) => asVisitor(world).demo.create({})

test('the demo is offered until the first project is made', async () => {
  await expect(ask(fresh)).resolves.toMatchObject({ key_path: 'demo/test', status: 'pending' })
  await expect(ask(fresh)).resolves.toMatchObject({ key_path: 'demo/test' })
  await makeProject(fresh)
  await expect(ask(fresh)).rejects.toThrow('switched off')
})

test('DEMO=on offers it also to an instance in use, and DEMO=off to nobody', async () => {
  await makeProject(always)
  await expect(ask(always)).resolves.toMatchObject({ key_path: 'demo/test' })
  await expect(ask(never)).rejects.toThrow('switched off')
})

const fresh = await testWorld({ DEMO: undefined })
const always = await testWorld({ DEMO: 'on' })
const never = await testWorld({ DEMO: 'off' })
