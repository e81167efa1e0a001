/** Ms after which the browser has surely begun to save. */
const begun = 30_000

/** Saves bytes as a file. Characters that could hide what kind of file it is, or name another folder, are replaced. */
export function save(bytes: Blob, name: string): void {
  const url = URL.createObjectURL(bytes)
  const link = document.createElement('a')
  link.href = url
  link.download = name.replace(/[\p{Cc}\p{Cf}/\\]/gu, '_') || 'file'
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), begun)
}

/** A size in words: "512 bytes", "1.4 MiB". */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`
}
