import { Mailbox } from '@mynah/core/testing'

/** The activities of one kind. */
export type ActivityOf<A extends { readonly kind: string }, K extends A['kind']> = Extract<
  A,
  { readonly kind: K }
>

/** What clients of a gateway did, and a way to wait for it. */
export class ActivityLog<A extends { readonly kind: string }> {
  readonly #unseen = new Mailbox<A>()

  /** Notes what a client has just done. */
  push(activity: A): void {
    this.#unseen.push(activity)
  }

  /**
   * Takes the first activity of a kind that fits and was not taken before, whether it came already or is still to
   * come.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when none comes in time.
   */
  async expect<K extends A['kind']>(
    kind: K,
    accepts: (activity: ActivityOf<A, K>) => boolean = () => true,
    timeoutMs?: number,
  ): Promise<ActivityOf<A, K>> {
    const isWanted = (item: A): item is ActivityOf<A, K> => item.kind === kind
    const what = `the gateway's client to do this: ${kind}`
    const found = await this.#unseen.take((item) => isWanted(item) && accepts(item), what, timeoutMs)
    if (!isWanted(found)) throw new TypeError('the mailbox gave what was not asked for')
    return found
  }
}
