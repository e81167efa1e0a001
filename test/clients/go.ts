import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drivers, type Generated, run, unless } from './generated.ts'

const generator = 'github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2'

/** Go by oapi-codegen. */
export const go: Generated = {
  name: 'oapi-codegen',
  driver: 'go/main.go',
  wrong: ['RefId: &name', 'RefId: name'],

  async prepare(dir) {
    const missing = await unless(run(['go', 'version'], dir), 'Go is left out: there is no go here.')
    if (missing) return missing
    cpSync(join(drivers, 'go'), dir, { recursive: true })
    const fetched = run(['go', 'mod', 'download'], dir).then(() =>
      run(['go', 'install', generator], dir, { GOBIN: join(dir, 'bin') }),
    )
    return unless(fetched, 'Go is left out: its packages could not be fetched.')
  },

  async generate(dir, document) {
    mkdirSync(join(dir, 'api'))
    const what = ['-generate', 'types,client', '-package', 'api', '-o', join('api', 'api.go')]
    await run([join(dir, 'bin', 'oapi-codegen'), ...what, document], dir)
  },

  async compile(dir, driver) {
    writeFileSync(join(dir, 'main.go'), driver)
    await run(['go', 'build', '-o', 'driver', '.'], dir)
    return [join(dir, 'driver')]
  },
}
