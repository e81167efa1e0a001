const hidden = /(?![\t\n])[\p{Cc}\u200b-\u200d\u2028-\u202e\u2060-\u2069\ufeff]/gu

/**
 * Text of a stranger's with its invisible characters shown. Direction overrides and zero-width characters could
 * make an approver read another text than the one that is decided on (CVE-2021-42574). Joiners between letters and
 * emoji stay: without them many scripts and emoji would break.
 */
export const visible = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(hidden, (found, at: number) => {
    if (found === '\u200d' || found === '\u200c') return joins(text, at) ? found : mark(found)
    return mark(found)
  })

const mark = (found: string) => `⟨U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`

/** True when there is no ASCII on either side: a joiner inside Latin words or code has no good reason to be there. */
const joins = (text: string, at: number) =>
  at > 0 && at < text.length - 1 && text.charCodeAt(at - 1) > 0x7f && text.charCodeAt(at + 1) > 0x7f
