import type { Row } from './slices.ts'

export function printTable(rows: Row[]): void {
  process.stdout.write(rows.map((r) => JSON.stringify(r)).join('\n') + '\n')
}
