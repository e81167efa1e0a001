/**
 * Leaves one account out of a picture of Google Authenticator's export, so that a faulty one does not hold up the others. The
 * payload is a protobuf message whose fields 1 are the accounts; the server reads it, here fields are only told apart.
 */
export function withoutAccount(uri: string, nth: number): string | undefined {
  const [, head = '', data = '', rest = ''] = /^(.*?[?&]data=)([^&#]*)(.*)$/s.exec(uri) ?? []
  try {
    const base64 = decodeURIComponent(data).replace(/ /g, '+').replace(/-/g, '+').replace(/_/g, '/')
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    const fields = fieldsOf(bytes)
    const accounts = fields.filter(({ field }) => field === 1)
    const gone = accounts[nth]
    if (!gone || accounts.length === 1) return undefined
    const kept = fields.filter((one) => one !== gone).flatMap(({ from, to }) => [...bytes.subarray(from, to)])
    return `${head}${encodeURIComponent(btoa(String.fromCharCode(...kept)))}${rest}`
  } catch {
    return undefined
  }
}

function fieldsOf(bytes: Uint8Array): { field: number; from: number; to: number }[] {
  const fields: { field: number; from: number; to: number }[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return value
  }
  while (at < bytes.length) {
    const from = at
    const tag = varint()
    // Only numbers and what has a length stand in this message.
    const value = varint()
    if ((tag & 7) === 2) at += value
    fields.push({ field: tag >>> 3, from, to: at })
  }
  return fields
}
