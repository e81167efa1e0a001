/** One exact replacement in a file of the driver. `find` occurs once in the text the fingerprint names. */
export type Hunk = { find: string; put: string }

/** What is done to one file of postgres 3.4.9: the SHA-256 of the text we read, and the replacements. */
export type Patch = { sha256: string; hunks: readonly Hunk[] }
