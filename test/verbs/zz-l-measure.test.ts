import { expect, test } from 'vitest'
import { writeFileSync } from 'node:fs'
import { as } from '../as.ts'
import { makeAsker } from '../make.ts'
import { testWorld } from '../serve.ts'
const world = await testWorld()
const { sql } = world.db
const { project, actor } = await makeAsker(world)
for (let i = 0; i < 500; i++) await as(world, actor).values.put({ key_path: `a/b${i}`, value: 'x' })
const by = sql.json({ type: 'system', id: null, name: 'test' })
const old = (p: string[], k: string[]) => sql`
  select place::int, key_path, value, version, updated_at, updated_by
  from unnest(${p}::text[], ${k}::text[]) with ordinality as asked (project_id, key_path, place)
  join "values" using (project_id, key_path)`
const fresh = (p: string[], k: string[]) => sql`
  select key_path, value, version, updated_at, updated_by, exists (select from guarded_paths guarded where guarded.project_id = asked.project_id
    and (guarded.key_path = asked.key_path or starts_with(asked.key_path, guarded.key_path || '/'))) as guarded
  from unnest(${p}::text[], ${k}::text[]) with ordinality as asked (project_id, key_path, place)
  left join "values" using (project_id, key_path) order by place`
const med = (xs: number[]) => xs.toSorted((a, b) => a - b)[Math.floor(xs.length / 2)] ?? 0
test('measure', async () => {
  const out: string[] = []
  for (const guards of [0, 20, 200]) {
    await sql`delete from guarded_paths`
    await sql`insert into guarded_paths (project_id, key_path, created_by) select ${project.id}, 'g' || n, ${by} from generate_series(1, ${guards}::int) n`
    for (const size of [1, 8]) {
      const p = Array(size).fill(project.id)
      const k = Array.from({ length: size }, (_, i) => `a/b${i}`)
      const t: Record<string, number[]> = { old: [], fresh: [] }
      for (let i = 0; i < 600; i++)
        for (const [name, run] of i % 2 ? ([['old', old], ['fresh', fresh]] as const) : ([['fresh', fresh], ['old', old]] as const)) {
          const began = performance.now()
          await run(p, k)
          t[name]?.push(performance.now() - began)
        }
      out.push(`guards ${guards} batch ${size}: old ${med(t.old ?? []).toFixed(3)} ms fresh ${med(t.fresh ?? []).toFixed(3)} ms`)
    }
  }
  writeFileSync('/tmp/L-measure.txt', out.join('\n'))
  expect(out.length).toBe(6)
}, 120_000)
