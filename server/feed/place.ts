/**
 * A place in a project's events, which are told in the order (tick, seq): everything up to and including it has been told.
 * As `tick` is the transaction's, a row that commits late still has a place that was not told of before.
 */
export type Place = { tick: number; seq: number }

/** A place as a client keeps it: opaque, and the same on every node. */
export const placeText = ({ tick, seq }: Place): string => `${tick.toString(36)}-${seq.toString(36)}`

/** Reads what `placeText` made; undefined for anything else. */
export function placeIn(text: string): Place | undefined {
  const [, tick, seq] = /^([0-9a-z]{1,11})-([0-9a-z]{1,11})$/.exec(text) ?? []
  if (tick === undefined || seq === undefined) return undefined
  const place = { tick: Number.parseInt(tick, 36), seq: Number.parseInt(seq, 36) }
  return Number.isSafeInteger(place.tick) && Number.isSafeInteger(place.seq) ? place : undefined
}

export const isAfter = (one: Place, other: Place): boolean =>
  one.tick > other.tick || (one.tick === other.tick && one.seq > other.seq)
