import { createHash } from 'node:crypto'
import { html } from '../html.ts'
import { paths } from './layout.ts'

/** Everything that would call another host is off; what is left asks this one. */
const options = {
  url: '/openapi.json',
  proxyUrl: '',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  operationTitleSource: 'summary',
  showOperationId: true,
  authentication: { preferredSecurityScheme: 'bearer' },
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
}

const start = `Scalar.createApiReference('#reference', ${JSON.stringify(options)})`

/** On `/docs` only: the reference writes styles of its own, which no nonce reaches. */
export const referencePolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash('sha256').update(start).digest('base64')}'`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The interactive reference, from our own host; who runs no script is led to the plain pages. */
export const referencePage = (program: string): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference · Countersign</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<style>body{margin:0}.plain{display:block;padding:.5rem 1rem;font:1rem system-ui,sans-serif}</style>
</head>
<body>
<a class="plain" href="${paths.index}">Plain reference: no script, for keyboards and screen readers</a>
<div id="reference"></div>
<script src="${program}"></script>
<script>${{ markup: start }}</script>
</body>
</html>
`.markup
