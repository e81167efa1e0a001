import Papa from 'papaparse'
import { type Found, Unreadable } from './found.ts'
import { hasSecrets, readRecord } from './records.ts'

/** A CSV (RFC 4180) with a line of column names, of Bitwarden, 1Password or anybody: `readRecord` tells which names are known. */
export function readCsv(text: string): Found[] {
  const { data, meta } = Papa.parse<Record<string, unknown>>(text, { header: true, skipEmptyLines: 'greedy' })
  if (!hasSecrets(meta.fields ?? []))
    throw new Unreadable(
      'No column of it is named like a secret. The first line must name the columns, as “issuer,name,secret”.',
    )
  return data.flatMap((record) => readRecord(record) ?? [])
}
