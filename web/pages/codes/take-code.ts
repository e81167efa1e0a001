/**
 * Puts a text on the clipboard that is still on its way. Some browsers only let a press write what it promised at once, so the
 * promise itself is handed over where they take one.
 */
async function write(text: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === 'undefined') return navigator.clipboard.writeText(await text)
  const type = 'text/plain'
  await navigator.clipboard.write([new ClipboardItem({ [type]: text.then((plain) => new Blob([plain], { type })) })])
}

/** Copies a code, fetched by `get` where it is not there yet. `none`: there is no code; `refused`: the browser took none. */
export async function takeCode(get: () => Promise<string | undefined>): Promise<'copied' | 'none' | 'refused'> {
  let none = false
  const code = get().then((text) => {
    if (text !== undefined) return text
    none = true
    throw new Error('There is no code to copy.')
  })
  try {
    await write(code)
    return 'copied'
  } catch {
    await code.catch(() => undefined)
    return none ? 'none' : 'refused'
  }
}
