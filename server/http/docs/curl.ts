import type { DocumentedOperation } from '../document/shapes.ts'

/** A word as a shell reads it back. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** The address of an operation with its path's examples filled in; slashes stay readable. */
function addressOf(base: string, path: string, { parameters }: DocumentedOperation): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const example = parameters.find((one) => one.in === 'path' && one.name === name)?.example
    return encodeURIComponent(String(example ?? name)).replaceAll('%2F', '/')
  })
  return base + filled
}

function bodyOf({ requestBody }: DocumentedOperation): string[] {
  const plain = requestBody?.content['text/plain']
  if (plain) return ['-H', quoted('Content-Type: text/plain'), '--data-binary', quoted(String(plain.example ?? ''))]
  if (requestBody?.content['application/octet-stream'])
    return ['-H', quoted('Content-Type: application/octet-stream'), '--data-binary', '@file']
  const json = requestBody?.content['application/json']
  if (!json) return []
  return ['-H', quoted('Content-Type: application/json'), '-d', quoted(JSON.stringify(json.example ?? {}, null, 2))]
}

/** A command that calls the operation as it stands, but for the key. Pages that need a visit keep its cookie in a file. */
export function curlOf(base: string, method: string, path: string, operation: DocumentedOperation): string {
  const has = (where: string) => operation.parameters.some((one) => one.in === where)
  const origin = operation.parameters.find((one) => one.name === 'Origin')
  const [success] = Object.values(operation.responses)
  const setsCookie = success && 'headers' in success && success.headers?.['Set-Cookie'] !== undefined
  const words = [
    ...(method === 'get' ? [] : ['-X', method.toUpperCase()]),
    quoted(addressOf(base, path, operation)),
    ...(operation.security.length > 0 ? ['-H', quoted('Authorization: Bearer YOUR_API_KEY')] : []),
    ...(setsCookie ? ['-c', 'cookies.txt'] : []),
    ...(has('cookie') ? ['-b', 'cookies.txt'] : []),
    ...(origin ? ['-H', quoted(`Origin: ${new URL(base).origin}`)] : []),
    ...bodyOf(operation),
  ]
  return `curl ${words.join(' ')}`.replaceAll(/ (-[Hdcb]|--data-binary) /g, ' \\\n  $1 ')
}
