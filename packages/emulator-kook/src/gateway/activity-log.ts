import { Mailbox } from '@mynah/core/testing'

/** Something a client of the gateway did. */
export type KookGatewayActivity =
  /** A client connected; `resume` tells whether it asked to resume, with its parameters. */
  | { kind: 'open'; resume: boolean; sn: string | null; sessionId: string | null; compress: boolean }
  /** A client pinged with the number of the last event it handled. */
  | { kind: 'ping'; sn: number }
  /** A client asked on an open connection for what it missed. */
  | { kind: 'resume'; sn: number }
  /** A client sent something else. */
  | { kind: 'frame'; text: string }
  /** A connection ended; 1006 when it broke. */
  | { kind: 'close'; code: number }

/** What clients of the gateway did, and a way to wait for it. */
export class GatewayLog {
  readonly #unseen = new Mailbox<KookGatewayActivity>()
  readonly #opened: Opened[] = []

  /** Every connection so far. */
  get opened(): readonly Opened[] {
    return this.#opened
  }

  push(activity: KookGatewayActivity): void {
    if (activity.kind === 'open') this.#opened.push(activity)
    this.#unseen.push(activity)
  }

  /** Takes the first activity of a kind that was not taken before and pleases `accepts`. */
  async expect<K extends KookGatewayActivity['kind']>(
    kind: K,
    accepts: (activity: ActivityOf<K>) => boolean,
    timeoutMs: number,
  ): Promise<ActivityOf<K>> {
    const isWanted = (item: KookGatewayActivity): item is ActivityOf<K> => item.kind === kind
    const found = await this.#unseen.take(
      (item) => isWanted(item) && accepts(item),
      `the gateway client to ${kind}`,
      timeoutMs,
    )
    if (!isWanted(found)) throw new TypeError('the mailbox gave what was not asked for')
    return found
  }
}

/** The activities of one kind. */
export type ActivityOf<K extends KookGatewayActivity['kind']> = Extract<KookGatewayActivity, { kind: K }>

type Opened = ActivityOf<'open'>
