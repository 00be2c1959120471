/** What survives a reload of a plugin: what one run leaves, the next one finds. */
export class Hot {
  /** Everything that is kept, by key. */
  readonly data: Record<string, unknown>

  constructor(data: Record<string, unknown>) {
    this.data = data
  }

  /**
   * What an earlier run kept under a key, or what `init` makes now.
   *
   * @example
   * ```ts
   * const players = ctx.hot.keep("players", () => new Set<string>())
   * ```
   */
  keep<T>(key: string, init: () => T): T {
    if (!Object.hasOwn(this.data, key)) this.data[key] = init()
    // Only what `init` made, in this run or an earlier one, is ever stored under the key.
    return this.data[key] as T
  }
}
