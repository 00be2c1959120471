/**
 * Keys that stay, as far as somebody keeps them: what the core remembers for plugins. The service `storage` is one;
 * without it, keys live as long as the app.
 */
export interface KeyValueStore {
  /** The value of a key; `undefined` where there is none. */
  get(key: string): Promise<unknown>
  /** Puts a value in place, which JSON can hold, for so many ms or for ever. */
  set(key: string, value: unknown, options?: { readonly expiresIn?: number }): Promise<void>
  /** Takes a key away. @returns Whether it was there. */
  delete(key: string): Promise<boolean>
  /** Keys and values, page by page; `next` of one page begins the next one. */
  entries(options: { readonly next?: string | undefined; readonly limit: number }): Promise<KeyPage>
}

/** Some of the keys of a {@link KeyValueStore}. */
export interface KeyPage {
  readonly data: readonly { readonly key: string; readonly value: unknown }[]
  /** Where the next page begins; absent on the last one. */
  readonly next?: string
}

/** Keys in one request. */
const pageSize = 1000

/** All keys and values of a store. */
export async function allEntries(store: KeyValueStore): Promise<KeyPage['data'][number][]> {
  const found = []
  for (let next: string | undefined; ;) {
    const page = await store.entries({ next, limit: pageSize })
    found.push(...page.data)
    if (page.next === undefined) return found
    next = page.next
  }
}

/** Whether a value can keep keys. */
export function isKeyValueStore(value: unknown): value is KeyValueStore {
  return (
    typeof value === 'object' &&
    value !== null &&
    'get' in value &&
    'set' in value &&
    'delete' in value &&
    'entries' in value &&
    [value.get, value.set, value.delete, value.entries].every((method) => typeof method === 'function')
  )
}
