import type { KeyPage, KeyValueStore } from './key-value-store.ts'

/** Keys that live as long as the app. */
export class MemoryStore implements KeyValueStore {
  readonly #texts = new Map<string, string>()

  get(key: string): Promise<unknown> {
    const text = this.#texts.get(key)
    return Promise.resolve(text === undefined ? undefined : JSON.parse(text))
  }

  set(key: string, value: unknown): Promise<void> {
    this.#texts.set(key, JSON.stringify(value))
    return Promise.resolve()
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.#texts.delete(key))
  }

  entries(): Promise<KeyPage> {
    return Promise.resolve({
      data: Array.from(this.#texts, ([key, text]) => ({ key, value: JSON.parse(text) as unknown })),
    })
  }
}
