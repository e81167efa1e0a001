import { StartFault } from './fault.ts'

/** The environment cannot be used; one sentence per fault, none with a value in it. */
export class ConfigFault extends StartFault {}

/** Where variables come from: the process's environment, or a test's. */
export type Source = Readonly<Record<string, string | undefined>>

/** One variable's text, from `NAME` or the file that `NAME_FILE` names (as secrets are mounted). */
export function textOf(name: string, source: Source, readFile: (path: string) => string, faults: string[]) {
  const [given, path] = [source[name], source[`${name}_FILE`]]
  if (given !== undefined && path !== undefined)
    return void faults.push(`${name} and ${name}_FILE are both set; keep one.`)
  if (given === '') return void faults.push(`${name} is set but empty; give it a value or unset it.`)
  if (path === undefined) return given
  try {
    const text = readFile(path).replace(/\r?\n$/, '')
    return text === '' ? void faults.push(`${name}_FILE names an empty file.`) : text
  } catch {
    return void faults.push(`${name}_FILE names a file that cannot be read.`)
  }
}
