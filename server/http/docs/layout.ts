import { createHash } from 'node:crypto'
import { type Html, html } from '../html.ts'

/** Where the pages are; `operation` and the anchors of codes are what they link each other by. */
export const paths = {
  index: '/docs/plain',
  errors: '/docs/plain/errors',
  limits: '/docs/plain/limits',
  operation: (id: string) => `/docs/plain/${id}`,
  code: (code: string) => `/docs/plain/errors#${code}`,
}

const css = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f4f6f9;--line:#c9d1db;--text:#1b2129;--quiet:#4d5866;--link:#0b4fc4}
@media(prefers-color-scheme:dark){:root{--ground:#0e1218;--raised:#181e27;--line:#384252;--text:#e6eaf0;--quiet:#aab4c2;--link:#8fb8ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.6 system-ui,sans-serif;overflow-wrap:anywhere}
a{color:var(--link)}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999px}
.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.5rem}
header,main,footer{max-width:52rem;margin:0 auto;padding:1rem}
header{border-bottom:1px solid var(--line)}
header strong{margin-right:1rem}
nav{display:inline}
nav a{display:inline-block;margin-right:1rem;padding:.25rem 0}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1.5rem 0 .25rem}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{background:var(--raised);border:1px solid var(--line);border-radius:.5rem;padding:.75rem;white-space:pre-wrap}
dl>div{border-top:1px solid var(--line);padding:.6rem 0}
dt code{font-weight:600}
dd{margin:0}
dt span,.quiet{color:var(--quiet)}
ul{padding-left:1.25rem}
.operations{list-style:none;padding:0}
.operations li{padding:.4rem 0}
footer{border-top:1px solid var(--line);color:var(--quiet)}
`

/** What these pages may do: show themselves. The one style is named by its digest. */
export const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'`,
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** A whole page. Nothing in it runs. */
export const page = (title: string, content: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Countersign</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<style>${{ markup: css }}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><strong>Countersign</strong><nav aria-label="Reference">
<a href="${paths.index}">Operations</a>
<a href="${paths.errors}">Errors</a>
<a href="${paths.limits}">Limits</a>
<a href="/docs">Interactive reference</a>
<a href="/openapi.json">openapi.json</a>
</nav></header>
<main id="content">
${content}
</main>
<footer><a href="/">Start page</a></footer>
</body>
</html>
`.markup
