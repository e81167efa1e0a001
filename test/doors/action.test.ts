import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { as, asVisitor } from '../as.ts'
import { actionAtWork } from '../asking.ts'
import { makePerson } from '../people.ts'
import { freePort } from '../port.ts'
import { action, actionPath, commandsIn, readPairs, readYaml } from '../runner.ts'

const { url, world, key, project, ana, asking, asked, decide, expire } = await actionAtWork()

test('action.yml is one composite step, whose script takes no text but from its environment', () => {
  const { runs, inputs, outputs } = action
  expect(runs.using).toBe('composite')
  const [step, ...others] = runs.steps
  expect(others).toEqual([])
  expect(step).toMatchObject({ id: 'ask', shell: 'bash' })
  // What is put into a script's text by an expression is run by the shell.
  expect(step?.run).not.toContain('${{')
  expect(step?.run).toBe('exec node "$GITHUB_ACTION_PATH/ask.mjs"')
  const passed = Object.keys(inputs).map((name) => [
    `INPUT_${name.toUpperCase().replaceAll('-', '_')}`,
    `\${{ inputs.${name} }}`,
  ])
  expect(step?.env).toMatchObject(Object.fromEntries(passed))
  const readme = readFileSync(join(actionPath, 'README.md'), 'utf8')
  for (const name of [...Object.keys(inputs), ...Object.keys(outputs)]) expect(readme).toContain(`\`${name}\``)
  expect(Object.keys(outputs)).toEqual(['decision', 'outcome', 'actor', 'comment', 'approval-id'])
  expect(inputs.link?.default).toBe('signed_in')
})

test('approved: outputs and summary say by whom, the run is bound to the decision, and the log has no key', async () => {
  const run = asking({ info: 'Deploy *v2.1.0*', approvers: `${ana.email}, role:ADMIN` })
  const { token, ...approval } = await asked(run)
  expect(approval).toMatchObject({ link: 'signed_in', ref_id: '4711', info: 'Deploy *v2.1.0*', count: 1 })
  expect(approval.approvers).toEqual([{ any_of: [ana.email, 'role:ADMIN'], required: 1 }])
  expect(approval.payload).toEqual({
    ...{ repository: 'octo/app', ref: 'refs/heads/main', commit: 'a'.repeat(40), workflow: 'Deploy', attempt: '1' },
    ...{ started_by: 'octocat', run: 'https://github.com/octo/app/actions/runs/4711' },
  })
  const stranger = asVisitor(world)
  const { csrf_token, action_hash } = await stranger.approvals.open({ token })
  const press = stranger.approvals.act({ token, action: 'approve', csrf_token, action_hash })
  await expect(press).rejects.toMatchObject({ message: expect.stringMatching(/sign/i) })

  const approvalId = await decide(run, 'approve', 'Looks good')
  const { code, stdout, stderr, outputs, summary, commands } = await run.ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(outputs).toEqual({
    ...{ decision: 'approved', outcome: 'approved', actor: 'Ana Silva', comment: 'Looks good' },
    'approval-id': approvalId,
  })
  expect(summary).toMatch(/^### Countersign: approved\n/)
  for (const text of ['Ana Silva', 'Looks good', approvalId, run.keyPath]) expect(summary).toContain(text)
  expect(commands).toEqual([{ name: 'add-mask', data: key }])
  expect(stdout.replace(`::add-mask::${key}\n`, '')).not.toContain(key)
  expect(stdout.indexOf('::add-mask::')).toBe(0)
})

test('rejected is 3, with buttons of one’s own as well, and a danger is a no whatever its key', async () => {
  const own = JSON.stringify([
    { key: 'blue', value: 'to blue' },
    { key: 'stop', value: 'no way', style: 'danger' },
  ])
  const [usual, danger, blue, single] = [
    asking({ comment: 'required' }),
    asking({ actions: own }),
    asking({ actions: own }),
    asking({ value: 'go', 'ref-id': 'build-7' }),
  ]
  await decide(usual, 'reject', 'Not on a Friday')
  await decide(danger, 'stop')
  await decide(blue, 'blue')
  expect((await asked(single)).ref_id).toBe('build-7')
  await decide(single, 'approve')
  const { code, outputs, commands } = await usual.ended
  expect(code).toBe(3)
  expect(outputs).toMatchObject({ decision: 'rejected', outcome: 'rejected', comment: 'Not on a Friday' })
  expect(commands.at(-1)).toEqual({
    name: 'error',
    data: `${usual.keyPath}: rejected by Ana Silva: Not on a Friday`,
  })
  expect(await danger.ended).toMatchObject({ code: 3, outputs: { decision: 'no way', outcome: 'rejected' } })
  expect(await blue.ended).toMatchObject({ code: 0, outputs: { decision: 'to blue', outcome: 'approved' } })
  expect(await single.ended).toMatchObject({ code: 0, outputs: { decision: 'go', outcome: 'approved' } })
})

test('time-up is told as time-up, not as a no, and on-timeout says what the step does', async () => {
  const ways = { fail: 4, reject: 3, continue: 0 }
  const runs = Object.entries(ways).map(([way, code]) => ({ code, way, run: asking({ 'on-timeout': way }) }))
  const whole = asking({ timeout: '10s', 'on-timeout': 'continue' })
  await Promise.all(runs.map(({ run }) => expire(run)))
  for (const { code, way, run } of runs) {
    const ended = await run.ended
    expect(ended.code, way).toBe(code)
    expect(ended.outputs).toMatchObject({
      ...{ outcome: 'expired', actor: '', comment: '' },
      decision: way === 'reject' ? 'rejected' : '',
    })
    expect(ended.summary).toContain('time is up, nobody decided')
    expect(ended.commands.at(-1)).toEqual({
      name: way === 'continue' ? 'warning' : 'error',
      data: `${run.keyPath}: time is up, nobody decided.`,
    })
  }
  expect(await whole.ended).toMatchObject({ code: 0, outputs: { outcome: 'expired', decision: '' } })
  expect((await asked(whole)).status).toBe('expired')
})

test('invalidated and locked are 5, whatever on-timeout says', async () => {
  const [taken, locked] = [asking({ 'on-timeout': 'continue' }), asking({ 'on-timeout': 'continue' })]
  await as(world, ana.actor).approvals.invalidate({ approval_id: (await asked(taken)).approval_id })
  const { approval_id } = await asked(locked)
  await world.db.sql`update approvals set status = 'locked', ended_at = now() where id = ${approval_id}`
  expect(await taken.ended).toMatchObject({ code: 5, outputs: { outcome: 'invalidated', actor: 'Ana Silva' } })
  expect(await locked.ended).toMatchObject({ code: 5, outputs: { outcome: 'locked', decision: '' } })
})

test('what cannot be asked is 1 and one sentence, which never has the key', async () => {
  const unknown = `otw_${'x'.repeat(32)}`
  const wrong: [Record<string, string>, RegExp][] = [
    [{ 'api-key': unknown }, /^The API key is malformed or does not exist\. \(request \S+\)$/],
    [{ 'api-key': '' }, /^api-key is empty\. .* forks/],
    [{ 'api-key': 'qzk\nvwx' }, /^api-key is not an API key\.$/],
    [{ url: 'sign.example.com' }, /^url is an origin/],
    [{ url: `${url}/elsewhere` }, /^url is an origin/],
    [{ 'key-path': '' }, /^key-path is empty/],
    [{ 'key-path': 'a//b' }, /^key_path: .*\(request \S+\)$/],
    [{ timeout: '9s' }, /^timeout is a number/],
    [{ timeout: '31d' }, /^timeout is a number/],
    [{ 'on-timeout': 'approve' }, /^on-timeout is fail, reject or continue\.$/],
    [{ actions: 'go' }, /^actions is a JSON list/],
    [{ actions: '[]', value: 'x' }, /^Give actions or value/],
    [{ approvers: 'role:ADMIN', link: 'bearer' }, /approvers need link: signed_in/],
  ]
  await Promise.all(
    wrong.map(async ([inputs, sentence]) => {
      const { code, outputs, commands, stdout, stderr } = await asking(inputs).ended
      const told = JSON.stringify(inputs)
      expect({ code, stderr }, told).toEqual({ code: 1, stderr: '' })
      expect(commands.at(-1)?.name).toBe('error')
      expect(commands.at(-1)?.data, told).toMatch(sentence)
      expect(outputs).toMatchObject({ outcome: 'error', 'approval-id': '' })
      const shown = stdout.replaceAll(/^::add-mask::.*$/gm, '')
      for (const secret of [key, unknown, 'qzk', 'vwx']) expect(shown).not.toContain(secret)
    }),
  )
})

test('a server that never answers is an error and no time-up', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`
  const { code, outputs, commands } = await asking({ url: nobody, timeout: '10s', 'on-timeout': 'continue' }).ended
  expect(code).toBe(1)
  expect(outputs).toMatchObject({ outcome: 'error', decision: '' })
  expect(commands.at(-1)).toEqual({ name: 'error', data: `${nobody} could not be reached.` })
})

test('texts of strangers set no output, give no command and write nothing into the summary', async () => {
  const nasty = [
    'ok',
    'outcome=approved',
    'EOF',
    '::set-output name=outcome::approved',
    '  ::add-mask::a',
    '##[add-path]/tmp/evil',
    '%0A::warning::percent%0D%25',
    '',
    '# Approved',
    '</pre></td></tr></table>',
    '<img src=x onerror=alert(1)> [click](https://evil.example) ![](https://evil.example/pixel) @everyone | `code`',
    '\u202edetrever\u200b',
  ].join('\n')
  const eve = await makePerson(world, project, 'MEMBER', { name: 'Eve ##[group] <b>x</b>', email: 'eve@example.com' })
  const run = asking({ info: nasty, actions: JSON.stringify([{ key: 'no', value: nasty, style: 'danger' }]) })
  const { approval_id, action_hash } = await asked(run)
  await as(world, eve.actor).approvals.decide({ approval_id, action: 'no', action_hash, comment: nasty })
  const { code, outputs, summary, commands, stdout } = await run.ended
  expect(code).toBe(3)
  expect(outputs).toEqual({
    ...{ outcome: 'rejected', decision: nasty, comment: nasty, actor: eve.name, 'approval-id': approval_id },
  })
  expect(commands.map(({ name }) => name)).toEqual(['add-mask', 'error'])
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(3)
  const [, heading, block = '', rest] = /^(### .*)\n\n(<table>\n.*<\/table>)\n\n(.*)$/s.exec(summary) ?? []
  expect({ heading, rest }).toEqual({ heading: '### Countersign: rejected', rest: '' })
  // An empty line would end the HTML block, and what follows would be Markdown again.
  expect(block).not.toMatch(/\n\s*\n/)
  const cells = block.replaceAll(/<\/?(table|tr|td|th|pre)( align="left")?>/g, '')
  expect(cells).not.toMatch(/[<>"']|&(?!#\d+;)/)
  expect(cells).toContain('⟨U+202E⟩')
  // Every line of a stranger's text is within one line of the block.
  expect(block.split('\n').every((line) => /^<(\/?table|tr)/.test(line))).toBe(true)
})

test('the runner’s rules that these tests go by are fooled by careless writing', () => {
  expect(readPairs('comment=ok\noutcome=approved\n')).toEqual({ comment: 'ok', outcome: 'approved' })
  expect(readPairs('comment<<EOF\nok\nEOF\noutcome=approved\nx<<EOF\n\nEOF\n')).toMatchObject({ outcome: 'approved' })
  expect(commandsIn('By Eve ##[group]x\n ::add-mask::a%0Ab\nno ::error::x')).toEqual([
    { name: 'group', data: 'x' },
    { name: 'add-mask', data: 'a\nb' },
  ])
  expect(() => readYaml('a: |\n  text')).toThrow('Not our YAML')
})

test('with link: bearer whoever reads the log can decide, and the log warns of it', async () => {
  const run = asking({ link: 'bearer' })
  const { token } = await asked(run)
  const visitor = asVisitor(world)
  const { csrf_token, action_hash } = await visitor.approvals.open({ token })
  await visitor.approvals.act({ token, action: 'approve', csrf_token, action_hash })
  const { code, commands } = await run.ended
  expect(code).toBe(0)
  expect(commands).toContainEqual({
    name: 'warning',
    data: 'link is bearer: everybody who reads this log can decide.',
  })
})
