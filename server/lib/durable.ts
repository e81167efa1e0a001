import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'

/** Writes a new file that only this account reads; it is on disk when this returns. Throws when there is one. */
export function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes names that came or went in a directory last; Windows has no such thing. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
