import type { Api } from '../../call.ts'

/** A row of the list: a person, or a pending invitation. */
export type Person = Awaited<ReturnType<Api['users']['list']['query']>>['items'][number]

/** How somebody is called where there may be no name yet. */
export const nameOf = ({ name, email }: Person): string => name ?? email
