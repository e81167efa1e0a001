import { PbfReader } from 'pbf'
import { type Otpauth, otherKinds, otpauthOf } from '../../shared/otpauth.ts'
import { seedBytes } from '../../shared/totp.ts'
import { base32Of } from '../lib/totp.ts'

/**
 * What Google Authenticator's "Transfer accounts" shows as QR codes: `otpauth-migration://offline?data=`, base64 of a protobuf
 * MigrationPayload (as Aegis' google_auth.proto has it): otp_parameters = 1 { secret = 1, name = 2, issuer = 3, algorithm = 4,
 * digits = 5, type = 6, counter = 7 }, version = 2, batch_size = 3, batch_index = 4, batch_id = 5.
 */

/** One of its accounts, or why it is none. */
export type Migrated = Otpauth | { fault: string; name: string | null; issuer: string | null }

/** One picture's accounts, and which of its batch it is; `index` from 0. */
export type Migration = { accounts: Migrated[]; batch: { id: number; size: number; index: number } }

/** True for what claims to be such an address. */
export const isMigration = (uri: string): boolean => /^\s*otpauth-migration:/i.test(uri)

const corrupt = 'This export is corrupt or cut short; scan its QR code again.'
const lengthDelimited = 2
/** Pictures of one export at most: Google's have ten accounts each. */
const mostParts = 100

/** Walks a message's fields; false when it is cut short, or holds what is no protobuf. */
function fieldsOf(bytes: Uint8Array, read: (field: number, pbf: PbfReader) => void): boolean {
  const pbf = new PbfReader(bytes)
  try {
    for (let field = pbf.nextField(); field !== 0; field = pbf.nextField()) {
      read(field, pbf)
      if (pbf.pos > bytes.length) return false
    }
  } catch {
    return false
  }
  // Field 0 stops the walk too, and is never written.
  return pbf.pos === bytes.length
}

/** The bytes of a field, none where it is of another kind or longer than what there is. */
function bytesIn(pbf: PbfReader): Uint8Array {
  if (pbf.type !== lengthDelimited) throw new Error('No bytes.')
  return pbf.readBytes()
}

const textIn = (pbf: PbfReader) => new TextDecoder('utf-8', { fatal: true }).decode(bytesIn(pbf))

const algorithms = ['SHA1', 'SHA1', 'SHA256', 'SHA512', 'MD5']
const digits = ['6', '6', '8']

function accountOf(bytes: Uint8Array): Migrated | undefined {
  const got = { secret: new Uint8Array() as Uint8Array, name: '', issuer: '', algorithm: 0, digits: 0, type: 0 }
  const whole = fieldsOf(bytes, (field, pbf) => {
    if (field === 1) got.secret = bytesIn(pbf)
    else if (field === 2) got.name = textIn(pbf)
    else if (field === 3) got.issuer = textIn(pbf)
    else if (field === 4) got.algorithm = pbf.readVarint()
    else if (field === 5) got.digits = pbf.readVarint()
    else if (field === 6) got.type = pbf.readVarint()
  })
  if (!whole) return undefined
  const at = got.name.indexOf(':')
  const prefixed = at >= 0 && (got.issuer === '' || got.name.slice(0, at) === got.issuer)
  const issuer = got.issuer || (prefixed ? got.name.slice(0, at) : '')
  const name = prefixed ? got.name.slice(at + 1) : got.name
  const no = (fault: string) => ({ fault, name: name || null, issuer: issuer || null })
  if (got.type === 1) return no(otherKinds.hotp)
  if (got.type !== 0 && got.type !== 2) return no(otherKinds.other)
  if (got.secret.length > seedBytes.most) return no(`Its secret: Must be at most ${seedBytes.most} bytes.`)
  const read = otpauthOf({
    ...{ name, issuer, secret: base32Of(got.secret), period: null },
    algorithm: algorithms[got.algorithm] ?? 'unknown',
    digits: digits[got.digits] ?? 'unknown',
  })
  return 'fault' in read ? no(read.fault) : read
}

/** Reads one picture. `fault`: it cannot be read, as a sentence that repeats nothing of it. */
export function readMigration(uri: string): Migration | { fault: string } {
  const data = /^\s*otpauth-migration:\/\/offline\/?\?(?:[^#]*&)?data=([^&#]*)/i.exec(uri)?.[1]
  if (data === undefined) return { fault: 'Is no export of Google Authenticator: it has no data.' }
  let base64: string
  try {
    base64 = decodeURIComponent(data).trim().replace(/ /g, '+').replace(/=+$/, '')
  } catch {
    return { fault: corrupt }
  }
  if (!/^[A-Za-z0-9+/_-]+$/.test(base64) || base64.length % 4 === 1) return { fault: corrupt }
  const accounts: Migrated[] = []
  const batch = { id: 0, size: 1, index: 0 }
  const whole = fieldsOf(Buffer.from(base64, 'base64'), (field, pbf) => {
    if (field === 1) {
      const account = accountOf(bytesIn(pbf))
      if (!account) throw new Error('An account is cut short.')
      accounts.push(account)
    } else if (field === 3) batch.size = pbf.readVarint()
    else if (field === 4) batch.index = pbf.readVarint()
    else if (field === 5) batch.id = pbf.readVarint(true)
  })
  const ordered = batch.size >= 1 && batch.size <= mostParts && batch.index >= 0 && batch.index < batch.size
  if (!whole || !ordered) return { fault: corrupt }
  return accounts.length === 0 ? { fault: 'This export holds no account.' } : { accounts, batch }
}
