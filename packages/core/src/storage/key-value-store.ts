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
}

/** Whether a value can keep keys. */
export function isKeyValueStore(value: unknown): value is KeyValueStore {
  return (
    typeof value === 'object' &&
    value !== null &&
    'get' in value &&
    'set' in value &&
    'delete' in value &&
    [value.get, value.set, value.delete].every((method) => typeof method === 'function')
  )
}
