import { type Found, foundOf, listIn, objectIn, textIn, Unreadable } from './found.ts'

/**
 * 2FAS' backup (github.com/twofas/2fas-android, schema 4): `services`, each `{name, secret, otp: {account, label, issuer, digits,
 * period, algorithm, tokenType}}`; `servicesEncrypted` in their place where a password was set. Undefined: it is another app's.
 */
export function readTwofas(file: Record<string, unknown>): Found[] | undefined {
  if (!('services' in file)) return undefined
  if (textIn(file.servicesEncrypted))
    throw new Unreadable(
      'This 2FAS backup has a password. In 2FAS choose Settings, 2FAS Backup, Export, and switch the password off.',
    )
  return listIn(file.services).map((one) => {
    const service = objectIn(one) ?? {}
    const otp = objectIn(service.otp) ?? {}
    return foundOf({
      type: textIn(otp.tokenType),
      name: textIn(otp.account) ?? textIn(otp.label),
      issuer: textIn(otp.issuer) ?? textIn(service.name),
      secret: textIn(service.secret) ?? '',
      algorithm: textIn(otp.algorithm),
      digits: textIn(otp.digits),
      period: textIn(otp.period),
    })
  })
}
