import { type Found, foundOf, listIn, objectIn, textIn, Unreadable } from './found.ts'

/**
 * Aegis' vault as JSON (github.com/beemdevelopment/Aegis, docs/vault.md): `db.entries`, each `{type, name, issuer, info: {secret,
 * algo, digits, period}}`; `db` is a text where the vault is encrypted. Undefined: it is another app's.
 */
export function readAegis(file: Record<string, unknown>): Found[] | undefined {
  if (!('db' in file && 'header' in file)) return undefined
  const db = objectIn(file.db)
  if (!db)
    throw new Unreadable(
      'This Aegis export is encrypted. In Aegis choose Settings, Import & Export, Export, and switch “Encrypt the vault” off.',
    )
  return listIn(db.entries).map((one) => {
    const entry = objectIn(one) ?? {}
    const info = objectIn(entry.info) ?? {}
    return foundOf({
      type: textIn(entry.type),
      name: textIn(entry.name),
      issuer: textIn(entry.issuer),
      secret: textIn(info.secret) ?? '',
      algorithm: textIn(info.algo),
      digits: textIn(info.digits),
      period: textIn(info.period),
    })
  })
}
