/** Bytes of a secret (seed 4's largest plan), and of one that a browser encrypted, as base64url text. */
export const [mostBytes, mostSealedBytes] = [10_000, 16_384]

/** Bytes of an attachment, and of what a browser makes of it: each 64 KiB gets 16 more. */
export const mostFileBytes = 5 * 1024 * 1024
export const mostSealedFileBytes = mostFileBytes + 16 * (mostFileBytes / 65_536 + 1)

/** How long a secret lives, in seconds: as short and as long as can be, and unless asked otherwise. */
export const ttlBounds = { least: 60, most: 2_592_000, usual: 604_800 } as const
