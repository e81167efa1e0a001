import { answerOf, type Http, type Options } from './http.ts'

/** What decisions set, and what programs read. */
export const valuesOf = ({ api }: Http) => ({
  /** The value's text. @throws {CountersignError} NOT_FOUND when there is none */
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
})
