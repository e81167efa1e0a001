import type { operations } from './api.ts'
import { answerOf, type Http, type Options } from './http.ts'
import { type Listing, listingOf } from './listing.ts'

type Answered<Name extends 'values.list' | 'values.history'> =
  operations[Name]['responses'][200]['content']['application/json']['items'][number]

export type ListedValue = Answered<'values.list'>
export type ValueVersion = Answered<'values.history'>

/** What decisions set, and what programs read. */
export const valuesOf = ({ api }: Http) => ({
  /** The value's text. @throws {NotFoundError} when there is none */
  async get(keyPath: string, { signal }: Options = {}): Promise<string> {
    const params = { path: { key_path: keyPath } }
    const value = answerOf(await api.GET('/key/{key_path}', { params, signal }))
    return value as string // an object comes for `view=full` only
  },

  /** Sets the value; at most 32 KiB. Not repeated by itself: somebody may have set another meanwhile. */
  async put(keyPath: string, value: string, { signal }: Options = {}): Promise<void> {
    const params = { path: { key_path: keyPath } }
    answerOf(await api.PUT('/key/{key_path}', { params, body: value, signal }))
  },

  /** Deletes the value. Not repeated by itself. @throws {NotFoundError} when there is none */
  async delete(keyPath: string, { signal }: Options = {}): Promise<void> {
    answerOf(await api.DELETE('/key/{key_path}', { params: { path: { key_path: keyPath } }, signal }))
  },

  /** Values below a prefix, by name. */
  list: (filter: { prefix?: string; limit?: number } = {}, { signal }: Options = {}): Listing<ListedValue> =>
    listingOf(async (cursor) => answerOf(await api.GET('/keys', { params: { query: { ...filter, cursor } }, signal }))),

  /** What a value was before, newest first, and who set it. */
  history: (keyPath: string, filter: { limit?: number } = {}, { signal }: Options = {}): Listing<ValueVersion> =>
    listingOf(async (cursor) => {
      const params = { path: { key_path: keyPath }, query: { ...filter, cursor } }
      return answerOf(await api.GET('/key/{key_path}/history', { params, signal }))
    }),
})
