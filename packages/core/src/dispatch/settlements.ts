import type { Settlement } from '../bot/hatches.ts'
import type { Incoming } from '../event/incoming.ts'
import type { Dispose } from '../lifecycle/scope.ts'
import { List } from '../shared/list.ts'

type SettlementListener = (settlement: Settlement) => void

/** Tells whoever wants to know how the handling of each event ends. */
export class Settlements {
  readonly #listeners = new List<SettlementListener>()

  /** @returns Stops telling. */
  add(listener: SettlementListener): Dispose {
    return this.#listeners.add(listener)
  }

  /** All handlers are done. */
  ended(incoming: Incoming): void {
    this.#tell(incoming, incoming.hasFailed ? 'failed' : 'handled')
  }

  /** A handler began to wait for a person, or ended: told once, when nothing else runs. */
  mayWait(incoming: Incoming): void {
    if (incoming.isToldToWait || incoming.waiting === 0 || incoming.waiting < incoming.handlers) return
    incoming.isToldToWait = true
    this.#tell(incoming, 'waiting')
  }

  /** It is given up. */
  dropped(incoming: Incoming): void {
    this.#tell(incoming, 'dropped')
  }

  #tell({ bot, event }: Incoming, outcome: Settlement['outcome']): void {
    for (const listener of this.#listeners.items) listener({ bot: bot.key, eventId: event.id, outcome })
  }
}
