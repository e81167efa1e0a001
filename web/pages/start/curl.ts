/** Seed 0's Quick Start as lines to paste into a shell. */
export const curl = {
  create: (origin: string) =>
    [
      `curl -X POST ${origin}/v1/approvals \\`,
      '  -H "Authorization: Bearer YOUR_API_KEY" \\',
      '  -H "Content-Type: application/json" \\',
      `  -d '{"key_path": "demo/test", "value": "approved"}'`,
    ].join('\n'),
  read: (origin: string, key: string) => `curl ${origin}/v1/key/demo/test \\\n  -H "Authorization: Bearer ${key}"`,
  demo: (origin: string) => `curl -X POST ${origin}/v1/demo/approvals`,
  wait: (origin: string, path: string, key: string) =>
    `curl "${origin}/v1/key/${path}?wait=55" \\\n  -H "Authorization: Bearer ${key}"`,
}
