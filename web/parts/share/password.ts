/** Letters and digits that nobody takes for one another, written or read out. */
const clear = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'
const spoken = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Characters of an alphabet, each as likely as any other: bytes beyond its last whole multiple are thrown away. */
function draw(alphabet: string, length: number): string {
  const fair = 256 - (256 % alphabet.length)
  let drawn = ''
  while (drawn.length < length)
    for (const byte of crypto.getRandomValues(new Uint8Array(64)))
      if (byte < fair && drawn.length < length) drawn += alphabet[byte % alphabet.length]
  return drawn
}

/** A password to hand over; 12 characters have 69 bits, 20 have 116. */
export const newPassword = (length: 12 | 20): string => draw(clear, length)

/** A passphrase that can be said on the phone: three groups of four, 59 bits. */
export const newPassphrase = (): string => draw(spoken, 12).replace(/.{4}(?=.)/g, '$&-')
