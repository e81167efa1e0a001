import { Fault, faultIn, refusedIn } from '../fault.ts'

/** What a reply says, as far as it is ours. */
function read(request: XMLHttpRequest): Fault {
  const refused = refusedIn(json(request.responseText))
  return refused
    ? faultIn(refused, request.getResponseHeader('retry-after'))
    : new Fault('UNREACHABLE', 'The service could not be reached.')
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether the file is there, as the link's holder sees it: for when the reply to an upload was lost. */
async function hasArrived(secretKey: string): Promise<boolean> {
  const reply = await fetch(`/v1/link/secrets/${secretKey}`, { credentials: 'omit' }).catch(() => undefined)
  const opened: unknown = reply?.ok ? await reply.json().catch(() => undefined) : undefined
  return typeof opened === 'object' && opened !== null && 'status' in opened && opened.status === 'waiting'
}

/** Sends the encrypted file of a new secret. `progress` hears which part of it has left, 0 to 1; `fetch` cannot tell that. */
export function upload(
  { upload: ticket, sealed, secretKey }: { upload: string; sealed: Blob; secretKey: string },
  progress: (part: number) => void,
): { done: Promise<void>; stop: () => void } {
  const request = new XMLHttpRequest()
  const done = new Promise<void>((resolve, reject) => {
    const failed = async () => ((await hasArrived(secretKey)) ? resolve() : reject(read(request)))
    request.open('PUT', `/v1/link/uploads/${ticket}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded }) => progress(Math.min(1, loaded / sealed.size))
    request.onload = () => (request.status < 300 ? resolve() : void failed())
    request.onerror = () => void failed()
    request.send(sealed)
  })
  return { done, stop: () => request.abort() }
}

/** Ends a secret whose file never arrived. Nobody can read it either way; this says so in its project's list. */
export async function giveUp(metadataKey: string): Promise<void> {
  await fetch(`/v1/link/receipts/${metadataKey}/burn`, { method: 'POST', credentials: 'omit' }).catch(() => undefined)
}
