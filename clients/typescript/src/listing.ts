export type Page<Item> = { items: Item[]; next_cursor: string | null }

/** A list: `for await` goes over all of it, asking for one page after the other; `page` asks for one. */
export type Listing<Item> = AsyncIterable<Item> & {
  /** One page; `cursor` is `next_cursor` of the one before. */
  page(cursor?: string): Promise<Page<Item>>
}

/** A list by how one page of it is read. */
export const listingOf = <Item>(page: (cursor?: string) => Promise<Page<Item>>): Listing<Item> => ({
  page,
  async *[Symbol.asyncIterator]() {
    let cursor: string | undefined
    do {
      const { items, next_cursor } = await page(cursor)
      yield* items
      cursor = next_cursor ?? undefined
    } while (cursor !== undefined)
  },
})
