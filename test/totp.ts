import { createOTP } from '@better-auth/utils/otp'

/** The code of an authenticator app for a key URI, `steps` of 30 s from now. */
export async function codeOf(uri: string, steps = 0): Promise<string> {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  return createOTP(base32(secret)).hotp(Math.floor(Date.now() / 30_000) + steps)
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 base32 to the text that it stands for. */
function base32(text: string): string {
  const bits = [...text.replaceAll('=', '')].map((one) => letters.indexOf(one).toString(2).padStart(5, '0')).join('')
  return (bits.match(/.{8}/g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join('')
}
