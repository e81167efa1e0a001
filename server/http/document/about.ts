import type { Document } from './shapes.ts'

const description = `One place where scripts, CI jobs and AI agents meet a human: a program asks, a person presses a button, a value changes.

## Authentication

Send an API key as \`Authorization: Bearer YOUR_API_KEY\` or as \`X-API-Key: YOUR_API_KEY\`. \`X-ApiKey\` and HTTP Basic, with the key as the password, work too. Keys in the query (\`key\`), in a form field (\`key\`) or in a JSON body (\`API_Key\`) work only for keys whose maker allowed it. Two different credentials in one request are refused.

## Addresses

Every path is served below \`/v1\` and below \`/api/v1\`. A \`key_path\` may contain slashes, sent as they are or as \`%2F\`.

## Bodies

JSON, \`application/x-www-form-urlencoded\` and \`multipart/form-data\` are read alike; in a form, lists and objects are JSON text. Unknown fields are refused by name. A body may have 64 KiB. A POST without a body needs no content type.

## Errors

Every error has the same shape: \`error\` and \`message\` are one sentence, \`code\` is for programs, \`request_id\` is for whoever looks into it, \`issues\` names the fields, \`details\` carries what a program needs.

## Rate limits

Every limited reply says how much is left: \`X-RateLimit-Limit\`, \`X-RateLimit-Remaining\`, \`X-RateLimit-Reset\` (seconds until), and the draft fields \`RateLimit\` and \`RateLimit-Policy\`. A 429 says when to come back: \`Retry-After\`. Live keys of an agent count together in *agent minute* and *agent hour*, whatever they ask, instead of in an operation's own class; test keys of an agent count against nothing.

## Waiting

\`wait\` makes a read answer as soon as something changed, or after that many seconds. No state is in the connection: ask again after it dropped, and nothing is lost.

## Receipts

A decision has a receipt: a compact JWS, signed by Ed25519 (\`alg\` is \`EdDSA\` and never anything else, \`typ\` is \`countersign-receipt+jws\`), whose payload is canonical JSON (RFC 8785). The public keys are at \`GET /.well-known/jwks.json\`, outside of \`/v1\` and without a key; those that no longer sign stay there, so that old receipts can be checked. Keep the keys beside whoever checks: then nobody in between can make up a decision. \`audit_head\` is the newest signed head of the audit log, and covers the decision: its signature is over the canonical JSON of \`project_id\` (the receipt's \`project\`) and its other fields.

## Repeating

A POST that creates takes \`Idempotency-Key\`: the same key with the same body answers the same reply for 24 hours, with \`Idempotency-Replayed: true\`.`

/** What the document says before its operations. */
export const about = (version: string): Document['info'] => ({
  title: 'Countersign',
  version,
  summary: 'Human approval for scripts, CI jobs and agents.',
  description,
  contact: { name: 'Countersign contributors' },
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
})

/** What each tag of the contract groups. */
export const tags: Document['tags'] = [
  { name: 'Values', description: 'Text under a name, with versions. Scripts read it; keys and approvals set it.' },
  { name: 'Approvals', description: 'Ask a person: single-use links whose button sets a value.' },
  {
    name: 'Receipts',
    description: 'Signed proofs of decisions, which anybody checks offline with the keys of `/.well-known/jwks.json`.',
  },
  {
    name: 'Approval links',
    description: 'What the approval page does for whoever holds a link. No key is read here, and no key can decide.',
  },
  {
    name: 'One-time secrets',
    description: 'Secrets that are read once. Any client of One-Time Secret works here: change the host and the key.',
  },
  {
    name: 'Secret links',
    description: 'What the pages do for whoever holds a link to a secret, its receipt or an ask. No key is read here.',
  },
  {
    name: 'Release-only secrets',
    description: 'Secrets that no link opens: each leaves by an approval that releases it, once for each yes.',
  },
  { name: 'Asks', description: 'Ask somebody for a secret that only you can read.' },
  { name: 'Webhooks', description: 'Endpoints of yours that are told of events by signed POSTs (Standard Webhooks).' },
  { name: 'Agents', description: 'Programs that ask before they act, each with keys of its own.' },
  {
    name: 'Permission requests',
    description:
      'An agent asks for exactly one thing; a person or a policy answers; the token works once, or as often as was asked.',
  },
  { name: 'Policies', description: 'Rules that people wrote, which answer permission requests in their place.' },
  { name: 'TOTP accounts', description: 'Shared logins: whoever may gets the code, and the seed stays here.' },
  { name: 'API keys', description: 'Keys for programs, and the log of what was done with them.' },
  { name: 'Users', description: 'People of the project, and invitations into it.' },
  { name: 'Audit', description: 'Who did what, when and from where; as a chain that nobody can change unseen.' },
  { name: 'Events', description: 'What happens, as it happens.' },
  {
    name: 'Channels',
    description: 'Where people are told of what happens: e-mail, Slack, Microsoft Teams, Discord, ntfy.',
  },
  { name: 'Settings', description: 'What admins decide for the whole project.' },
  { name: 'Demo', description: 'Trying it without an account.' },
]

/** Both ways that every operation with a key takes; either is enough. */
export const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer YOUR_API_KEY`.' },
  apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key: `X-API-Key: YOUR_API_KEY`.' },
} as const
