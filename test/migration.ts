import { PbfWriter } from 'pbf'

/** What Google Authenticator would export; numbers as its published format has them. */
export type MigrationWish = {
  accounts: {
    secret: Uint8Array
    name?: string
    issuer?: string
    algorithm?: number
    digits?: number
    type?: number
    counter?: number
  }[]
  size?: number
  index?: number
  id?: number
}

/** The bytes of a MigrationPayload. */
export function payloadOf({ accounts, size = 1, index = 0, id = 4711 }: MigrationWish): Uint8Array {
  const pbf = new PbfWriter()
  for (const { secret, name = '', issuer = '', algorithm = 1, digits = 1, type = 2, counter } of accounts)
    pbf.writeMessage(
      1,
      (_value, inner) => {
        inner.writeBytesField(1, secret)
        inner.writeStringField(2, name)
        inner.writeStringField(3, issuer)
        inner.writeVarintField(4, algorithm)
        inner.writeVarintField(5, digits)
        inner.writeVarintField(6, type)
        if (counter !== undefined) inner.writeVarintField(7, counter)
      },
      undefined,
    )
  pbf.writeVarintField(2, 1)
  pbf.writeVarintField(3, size)
  pbf.writeVarintField(4, index)
  pbf.writeVarintField(5, id)
  return pbf.finish()
}

export const migrationUri = (payload: Uint8Array): string =>
  `otpauth-migration://offline?data=${encodeURIComponent(Buffer.from(payload).toString('base64'))}`

/** One picture of an export. */
export const migrationOf = (wish: MigrationWish): string => migrationUri(payloadOf(wish))
