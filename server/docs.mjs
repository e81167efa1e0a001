// `npm run docs`: writes the table of the environment into README.md, from the object that reads it.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const readme = new URL('../README.md', import.meta.url)
const program = fileURLToPath(new URL('countersign.mjs', import.meta.url))
const table = execFileSync(process.execPath, [program, 'env'], { encoding: 'utf8' }).trim()
const [start, end] = ['<!-- env:start -->', '<!-- env:end -->']
const [before, rest] = readFileSync(readme, 'utf8').split(start)
const [, after] = rest?.split(end) ?? []
if (after === undefined) throw new Error(`README.md has no ${start} … ${end}.`)
writeFileSync(readme, `${before}${start}\n${table}\n${end}${after}`)
