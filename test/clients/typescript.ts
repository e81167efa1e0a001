import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from '../bundle.ts'
import { bin, type Generated, run } from './generated.ts'

const options = {
  compilerOptions: {
    ...{ target: 'ES2022', module: 'ESNext', moduleResolution: 'Bundler', lib: ['ES2022', 'DOM', 'DOM.Iterable'] },
    ...{ strict: true, types: ['node'], skipLibCheck: true, noEmit: true, allowImportingTsExtensions: true },
  },
  include: ['driver.ts', 'openapi-fetch', 'hey-api'],
}

async function compile(dir: string, driver: string): Promise<string[]> {
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify(options))
  writeFileSync(join(dir, 'driver.ts'), driver)
  await run([bin('tsc'), '-p', dir], dir)
  // Bundled, as most of its users would: one of the two generators leaves out the extensions that Node wants.
  return [process.execPath, await bundle(join(dir, 'driver.ts'), { guard: false, outDir: join(dir, 'made') })]
}

// Both are among the packages of this repository.
const common = { wrong: ['ref_id: name, limit', 'ref_id: 1, limit'], prepare: async () => undefined, compile } as const

/** TypeScript by openapi-typescript, called through openapi-fetch. */
export const openapiFetch: Generated = {
  ...common,
  name: 'openapi-typescript',
  driver: 'openapi-fetch.ts',
  async generate(dir, document) {
    mkdirSync(join(dir, 'openapi-fetch'))
    // Else it takes a field with a default for one that a request must send.
    const honest = '--default-non-nullable=false'
    await run([bin('openapi-typescript'), document, honest, '-o', join(dir, 'openapi-fetch', 'api.ts')], dir)
  },
}

/** TypeScript by @hey-api/openapi-ts. */
export const heyApi: Generated = {
  ...common,
  name: 'hey-api',
  driver: 'hey-api.ts',
  async generate(dir, document) {
    const into = join(dir, 'hey-api')
    await run([bin('openapi-ts'), '-i', document, '-o', into, '-c', '@hey-api/client-fetch', '--silent'], dir)
  },
}
