/** How far a scan of an export in several pictures is: "2 of 3 scanned; picture 3 is missing." Empty when it is whole. */
export function progressOf(missing: readonly string[]): string {
  const bySize = new Map<number, number[]>()
  for (const one of missing) {
    const [part = 0, size = 0] = one.split(' of ').map(Number)
    bySize.set(size, [...(bySize.get(size) ?? []), part])
  }
  return [...bySize]
    .map(([size, parts]) => {
      const which = parts.length === 1 ? `picture ${parts[0]} is missing` : `pictures ${parts.join(', ')} are missing`
      return `${Math.max(0, size - parts.length)} of ${size} scanned; ${which}.`
    })
    .join(' ')
}
