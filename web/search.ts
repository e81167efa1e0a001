/** What stands behind the `?` of an address of the dashboard: each word read by a rule, and what does not fit left out. */

type Rule<Word> = (given: unknown) => Word | undefined

/** Any text, also one that looks like a number. */
export const text: Rule<string> = (given) =>
  typeof given === 'string' || typeof given === 'number' ? String(given).slice(0, 600) : undefined

export const yes: Rule<true> = (given) => (given === true ? true : undefined)

export const oneOf =
  <const Word extends string>(...words: readonly Word[]): Rule<Word> =>
  (given) =>
    words.find((word) => word === given)

/** Reads the words of an address by their rules. */
export const search =
  <Words extends Record<string, unknown>>(rules: { [Name in keyof Words]: Rule<Words[Name]> }) =>
  (given: Record<string, unknown>): { [Name in keyof Words]?: Words[Name] } => {
    const words: { [Name in keyof Words]?: Words[Name] } = {}
    for (const name of Object.keys(rules) as (keyof Words & string)[]) {
      const word = rules[name](given[name])
      if (word !== undefined) words[name] = word
    }
    return words
  }
