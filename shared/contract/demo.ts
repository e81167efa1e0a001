import { z } from 'zod'
import { keyPath, secret } from '../words.ts'
import { createdApproval } from './approval.ts'
import { endpoint } from './endpoint.ts'

/** Seed 0's "Try it now" without an account: a throwaway project that is purged when its approval's time is up. */
export const demo = {
  create: endpoint({
    method: 'POST',
    path: '/demo/approvals',
    tag: 'Demo',
    summary: 'Try an approval link without a key',
    description:
      'Makes a throwaway project with one approval for `demo/test`, and a key that may read that value until the approval expires. Off with `DEMO=off`: then 404.',
    access: 'public',
    limit: 'public demo',
    status: 201,
    input: z.strictObject({}),
    output: createdApproval.extend({
      key_path: keyPath,
      api_key: secret(z.string()).meta({ description: 'May read `key_path` until `expires_at`, and nothing else.' }),
    }),
    errors: ['NOT_FOUND'],
    example: {
      output: {
        approval_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
        url: 'https://countersign.example/a/6XK8Q4R2M7T9V3W5Y1Z0ABCDEF',
        expires_at: '2025-01-01T12:30:00.000Z',
        status: 'pending',
        action_hash: 'c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a',
        key_path: 'demo/test',
        api_key: 'otr_EXAMPLEEXAMPLEEXAMPLEEXAMPLE000000',
      },
    },
  }),
}
