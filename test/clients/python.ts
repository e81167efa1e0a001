import { writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { drivers, type Generated, run, unless } from './generated.ts'

const inVenv = (dir: string, name: string) => join(dir, 'venv', 'bin', name)

/** Python by openapi-python-client, checked by mypy. */
export const python: Generated = {
  name: 'openapi-python-client',
  driver: 'python.py',
  wrong: ['ref_id=name', 'ref_id=1'],

  async prepare(dir) {
    const venv = run(['python3', '-m', 'venv', join(dir, 'venv')], dir)
    const missing = await unless(venv, 'Python is left out: there is no python3 with venv here.')
    if (missing) return missing
    const packages = ['install', '--quiet', '--requirement', join(drivers, 'requirements.txt')]
    const install = run([inVenv(dir, 'pip'), ...packages], dir)
    return unless(install, 'Python is left out: its packages could not be fetched.')
  },

  async generate(dir, document) {
    const into = ['--output-path', join(dir, 'countersign'), '--meta', 'none']
    const env = { PATH: `${join(dir, 'venv', 'bin')}${delimiter}${process.env.PATH}` }
    await run([inVenv(dir, 'openapi-python-client'), 'generate', '--path', document, ...into], dir, env)
  },

  async compile(dir, driver) {
    writeFileSync(join(dir, 'driver.py'), driver)
    // The one module that is the same whatever the document says, and that mypy has something against.
    writeFileSync(join(dir, 'mypy.ini'), '[mypy]\n[mypy-countersign.client]\nignore_errors = True\n')
    await run([inVenv(dir, 'mypy'), 'driver.py', 'countersign'], dir)
    return [inVenv(dir, 'python'), join(dir, 'driver.py')]
  },
}
