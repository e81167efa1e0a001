import { origin } from '../lib/settings.ts'
import { ConfigFault, type Source, textOf } from '../lib/source.ts'

/** What a program that asks has, beside any server's settings: COUNTERSIGN_URL and COUNTERSIGN_API_KEY, or their `_FILE`s. */
export type Caller = Readonly<{
  /** Origin, no slash at the end. */
  url: string
  apiKey: string
}>

/** Where to ask, and with which key. @throws {ConfigFault} that names every fault at once. */
export function readCaller(source: Source, readFile: (path: string) => string): Caller {
  const faults: string[] = []
  const needed = (name: string) => {
    const before = faults.length
    const given = textOf(name, source, readFile, faults)
    if (given === undefined && faults.length === before) faults.push(`${name} is not set.`)
    return given
  }
  const [url, apiKey] = [needed('COUNTERSIGN_URL'), needed('COUNTERSIGN_API_KEY')]
  const at = url === undefined ? undefined : origin.safeParse(url)
  if (at?.error) faults.push(...at.error.issues.map(({ message }) => `COUNTERSIGN_URL ${message}`))
  // What no header takes would be quoted by the error that the runtime makes of it.
  if (apiKey !== undefined && !/^[!-~]+$/.test(apiKey)) faults.push('COUNTERSIGN_API_KEY is not an API key.')
  if (at?.data === undefined || apiKey === undefined || faults.length > 0) throw new ConfigFault(...faults)
  return { url: at.data, apiKey }
}
