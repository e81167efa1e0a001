import { inject } from 'vitest'

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: vitest's own interface is extended, which a type cannot do
  export interface ProvidedContext {
    /** Each idea at its full size, as `npm run test:long` does. */
    thorough: boolean
  }
}

/** How often something is repeated: as often as shows it in the usual run, or as often as it was asked for in the long one. */
export const often = (usual: number, thorough: number): number => (inject('thorough') ? thorough : usual)
