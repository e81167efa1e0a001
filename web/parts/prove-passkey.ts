/** A challenge as the browser takes it: the bytes of `action_hash`, in base64url. */
function challengeOf(actionHash: string): string {
  const bytes = actionHash.match(/../g)?.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))) ?? []
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Asks whoever decides for one of their passkeys, and the browser to verify that it is they. What they sign is what they
 * decide on. Throws what the browser throws when they change their mind.
 */
export async function provePasskey(actionHash: string, passkeys: readonly string[]) {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  return startAuthentication({
    optionsJSON: {
      challenge: challengeOf(actionHash),
      allowCredentials: passkeys.map((id) => ({ id, type: 'public-key' })),
      userVerification: 'required',
      timeout: 120_000,
    },
  })
}
