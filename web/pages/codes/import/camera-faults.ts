/** Why there is no camera, by the name of the error that browsers give (MediaDevices.getUserMedia), and what to do. */
const words: Record<string, string> = {
  NotAllowedError:
    'The camera was not allowed. Allow it for this site in the browser’s settings, beside the address, and try again; or use a picture.',
  SecurityError: 'This browser allows no camera here. Use a picture of the QR code instead.',
  NotFoundError: 'No camera was found. Connect one, or use a picture of the QR code.',
  OverconstrainedError: 'No camera was found that fits. Use a picture of the QR code instead.',
  NotReadableError: 'The camera is in use by another program. Close it there and try again.',
  AbortError: 'The camera stopped. Try again.',
  Insecure:
    'Browsers give a camera to pages over HTTPS only, and this one is not. Use a picture of the QR code, or paste its text.',
}

/** What to say about a camera that did not start. */
export function cameraFault(error: unknown): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  return words[name] ?? 'The camera did not start. Use a picture of the QR code instead.'
}

/** Before asking: where this page can never have one. */
export const noCameraHere = (): string | undefined =>
  // Typed as always there, but it is not on pages without HTTPS.
  'mediaDevices' in navigator && window.isSecureContext ? undefined : words.Insecure
