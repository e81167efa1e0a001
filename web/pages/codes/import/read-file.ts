import { sizeOf } from '../../../parts/save.ts'
import { type Found, Unreadable } from './found.ts'
import { readText } from './read-text.ts'

/** Bytes of a file at most; a picture of a phone has some 5 MiB. */
const most = 20 * 1_048_576

export const isAccount = (text: string): boolean => /^\s*otpauth(-migration)?:/i.test(text)

async function readPicture(picture: Blob): Promise<Found[]> {
  const { readCodes } = await import('./qr.ts')
  const texts = await readCodes(picture).catch(() => {
    throw new Unreadable('The picture could not be read; use a PNG, JPEG or WebP.')
  })
  if (texts.length === 0)
    throw new Unreadable(
      'No QR code was found in it. Take the picture closer, straight, and with the whole code on it.',
    )
  const found = texts.filter(isAccount).map((uri) => ({ uri }))
  if (found.length === 0) throw new Unreadable('Its QR code holds no account for codes.')
  return found
}

/** Reads a file: a picture with QR codes, or an export. Refuses with `Unreadable`. */
export async function readFile(file: File): Promise<Found[]> {
  if (file.size > most) throw new Unreadable(`It is too large: ${sizeOf(file.size)}.`)
  return file.type.startsWith('image/') ? readPicture(file) : readText(await file.text())
}
