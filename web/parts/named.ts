/** Who may decide, as people read it: `role:ADMIN` is "every admin". */
export const inWords = (one: string): string => (one.startsWith('role:') ? `every ${one.slice(5).toLowerCase()}` : one)
