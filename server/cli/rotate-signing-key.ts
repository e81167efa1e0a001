import { rotateSigningKey } from '../receipts/keys.ts'
import type { Terminal } from './terminal.ts'
import { withWorld } from './world.ts'

/** `rotate-signing-key`: receipts are signed by a new key from now on; those from before can be checked as before. */
export async function rotateReceiptKey(terminal: Terminal, { json }: { json?: boolean }): Promise<void> {
  const { kid, retired } = await withWorld(terminal, rotateSigningKey)
  if (json) return terminal.out(JSON.stringify({ kid, retired }))
  terminal.out(`Receipts are signed by the key ${kid} now.`)
  if (retired !== null)
    terminal.out(`The key ${retired} signs no more, and stays published for the receipts that it signed.`)
  terminal.out('Whoever keeps a copy of /.well-known/jwks.json needs a new one.')
}
