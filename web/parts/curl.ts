/** A word as a shell reads it back. */
export const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

type Call = { method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; path: string; body?: unknown; key?: string }

/** A command that calls this instance; it runs as it stands but for the key, where none is given. `path`: below `/v1`. */
export function curlOf({ method = 'GET', path, body, key = 'YOUR_API_KEY' }: Call): string {
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(`${location.origin}/v1${path}`)}`,
    `-H ${quoted(`Authorization: Bearer ${key}`)}`,
  ]
  if (body !== undefined) lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body))}`)
  return lines.join(' \\\n  ')
}
