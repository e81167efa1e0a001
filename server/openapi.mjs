// `npm run openapi`: writes openapi.json from the contract, and from it the types of the TypeScript client.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('countersign.mjs', import.meta.url))
const text = execFileSync(process.execPath, [program, 'openapi'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
writeFileSync(new URL('../openapi.json', import.meta.url), text)
execFileSync('npm', ['run', '--silent', 'generate'], {
  cwd: new URL('../clients/typescript', import.meta.url),
  stdio: ['ignore', 'ignore', 'inherit'],
})
