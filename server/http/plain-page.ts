import type { z } from 'zod'
import type { contract } from '../../shared/contract/index.ts'
import { type Html, html } from './html.ts'

export type Opened = z.output<typeof contract.approvals.open.output>

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 38rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.375rem; line-height: 1.3 }
.info, dd { white-space: pre-wrap; unicode-bidi: isolate }
.info { font-size: 1.0625rem }
.alert { padding: .65rem .85rem; border: 2px solid }
label, button, summary, input, textarea { display: block; width: 100%; box-sizing: border-box; font: inherit }
input, textarea, button, summary { min-height: 48px; margin: .25rem 0 .75rem; padding: .6rem .85rem }
summary, button { border: 1px solid; border-radius: .5rem; font-weight: 600; cursor: pointer }
button { border-color: transparent; background: #234f9f; color: #fff }
details button { background: #b3261e }
a { color: inherit }
dt { opacity: .8; font-size: .875rem }
dd { margin: 0 0 .5rem }
[hidden] { display: none }`

/** A whole page. Its style carries the nonce of its policy, and there is no script. */
export const document = (nonce: string, title: string, body: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta property="og:title" content="Approval request">
<title>${title}</title>
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<style nonce="${nonce}">${{ markup: style }}</style>
</head>
<body>
<header><strong>Countersign</strong></header>
<main>${body}</main>
</body>
</html>`.markup

const time = (iso: string) => html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`

const fact = (name: string, value: Html | string) => html`<dt>${name}</dt><dd>${value}</dd>`

const facts = (approval: Opened) => html`<h2>Details</h2>
<dl>
${approval.payload && fact('Facts', JSON.stringify(approval.payload, null, 2))}
${approval.key_path !== null && fact('Sets the value of', approval.key_path)}
${fact('Project', approval.project)}
${fact('Requested by', `${approval.requested_by.name} (${approval.requested_by.type})`)}
${approval.ref_id !== null && fact('Reference', approval.ref_id)}
${fact('Created', time(approval.created_at))}
${fact('Expires', time(approval.expires_at))}
${fact('Fingerprint', approval.action_hash.slice(0, 16))}
</dl>`

/** A dangerous action is opened first and pressed second; the others are one press. */
function button({ key, label, style }: Opened['actions'][number]): Html {
  const press = (words: string) => html`<button name="action" value="${key}">${words}</button>`
  if (style !== 'danger') return press(label)
  return html`<details><summary>⚠ ${label} (asks again)</summary>${press(`Really “${label}”`)}</details>`
}

const digits = (name: string, label: string, longest: number) =>
  html`<label>${label}<input name="${name}" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9]*" maxlength="${longest}"></label>`

/** An approval that is decided by name: signing in takes a script, so this page can only lead there. */
export const signInPage = (token: string, approval: Opened): Html => html`
<h1>This request is decided by a signed-in person</h1>
<p>Asked by <strong>${approval.requested_by.name}</strong> (${approval.requested_by.type}) in project <strong>${approval.project}</strong></p>
<p>Decide before ${time(approval.expires_at)}.</p>
<p>Signing in works with JavaScript only. <a href="/sign-in#next=/a/${token}">Sign in to decide</a>: what is asked is shown there.</p>`

/** A request that waits. `said`: what became of the last press. */
export const pendingPage = (approval: Opened, said: string | undefined): Html => html`
<h1>Your decision on <code>${approval.key_path}</code></h1>
<p>Asked by <strong>${approval.requested_by.name}</strong> (${approval.requested_by.type}) in project <strong>${approval.project}</strong></p>
${approval.info !== null && html`<p class="info">${approval.info}</p>`}
<p>Decide before ${time(approval.expires_at)}.</p>
${said !== undefined && html`<p class="alert" role="alert">${said}</p>`}
<form method="post">
<button disabled hidden>Enter in a field chooses nothing</button>
<input type="hidden" name="csrf_token" value="${approval.csrf_token}">
<input type="hidden" name="action_hash" value="${approval.action_hash}">
${approval.needs.match_number && digits('match_number', 'Number shown by the requester (three digits)', 3)}
${approval.needs.pin && digits('pin', `PIN (${approval.attempts_left} attempts left)`, 12)}
${approval.needs.comment !== 'off' && html`<label>Comment (${approval.needs.comment})<textarea name="comment" rows="2" maxlength="2000"></textarea></label>`}
${approval.actions.map(button)}
</form>
<form method="post">
<input type="hidden" name="csrf_token" value="${approval.csrf_token}">
<details><summary>This wasn’t expected</summary>
<p>The link stops working for everybody, nothing is decided, and the project is told.</p>
<button name="report" value="yes">Report it</button></details>
</form>
${facts(approval)}`

/** What was answered is not told to strangers when the link asks for sign-in. */
const alreadyAnswered = (label: string | undefined) =>
  label === undefined ? 'Already answered' : `Already answered: “${label}”`

const ends: Record<Exclude<Opened['status'], 'pending'>, (approval: Opened) => [headline: string, next: string]> = {
  executed: ({ outcome, requested_by }) => [
    outcome?.by_you ? `You answered “${outcome.action?.label ?? ''}”` : alreadyAnswered(outcome?.action?.label),
    outcome?.by_you ? 'Nothing is left to do.' : `If that surprises you, tell ${requested_by.name}.`,
  ],
  expired: ({ requested_by }) => [
    'This request has expired',
    `Nothing was decided. Ask ${requested_by.name} for a new link.`,
  ],
  invalidated: ({ outcome }) => [
    outcome?.reported ? 'This request was reported' : 'This request was withdrawn',
    'Nothing was decided, and nothing is left to do.',
  ],
  locked: ({ requested_by }) => [
    'Locked after five wrong attempts',
    `Nothing was decided. Check with ${requested_by.name}, and ask for a new link.`,
  ],
}

/** How it ended, when, and what to do next. */
export function endPage(approval: Opened): Html {
  if (approval.status === 'pending') return pendingPage(approval, undefined)
  const [headline, next] = ends[approval.status](approval)
  return html`<h1>${headline}</h1>
${approval.outcome && html`<p>${time(approval.outcome.at)}</p>`}
${approval.outcome?.comment && html`<p class="info">${approval.outcome.comment}</p>`}
<p>${next}</p>${facts(approval)}`
}

/** What stands where no request can be shown. */
export const faultPage = (headline: string, next: string): Html => html`<h1>${headline}</h1><p>${next}</p>`
