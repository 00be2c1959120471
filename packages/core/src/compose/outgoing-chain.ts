import type { SendTrace } from '../bot/send-options.ts'
import { MynahError } from '../errors/mynah-error.ts'
import { thrownError } from '../errors/thrown.ts'
import type { Filter } from '../filter/combine.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { ChatEvent } from '../model/event.ts'
import { failedReceipt, type Receipt } from '../model/receipt.ts'
import { SortedList } from '../shared/list.ts'
import type { OutgoingDraft, OutgoingMiddleware, OutgoingOptions } from './outgoing.ts'

/** An outgoing middleware in its place in the chain. */
interface OutgoingEntry {
  readonly scope: Scope
  readonly name: string
  readonly run: OutgoingMiddleware
  readonly when: Filter | undefined
}

/** A message on its way through the chain. */
interface OutgoingWalk {
  readonly entries: readonly OutgoingEntry[]
  readonly draft: OutgoingDraft
  readonly trace: SendTrace | undefined
  /** What filters are asked about; made once there is one. */
  about: ChatEvent | undefined
}

/** What an {@link OutgoingChain} works with. */
export interface OutgoingChainOptions {
  /** What filters are asked about a message. */
  readonly about: (draft: OutgoingDraft) => ChatEvent
  /** Makes ready what a middleware has changed. @throws MynahError when it cannot be sent. */
  readonly prepare: (draft: OutgoingDraft) => Promise<void>
  /** What comes after the last of them. */
  readonly send: (draft: OutgoingDraft) => Promise<Receipt>
}

/** The outgoing middlewares, each in the name of its plugin and for what that may see. */
export class OutgoingChain {
  readonly #options: OutgoingChainOptions
  readonly #entries = new SortedList<OutgoingEntry>((one, other) =>
    one.scope.place.compare(other.scope.place),
  )

  constructor(options: OutgoingChainOptions) {
    this.#options = options
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    return this.#entries.items.length === 0
  }

  /** Whether one of them asks where a message goes. */
  get asksForPlaces(): boolean {
    return this.#entries.items.some(({ scope, when }) => (when ?? scope.filter) !== undefined)
  }

  /** Adds one in the place of its plugin, behind what that has already. @returns Removes it. */
  add(scope: Scope, run: OutgoingMiddleware, { when, name = '' }: OutgoingOptions): () => void {
    return this.#entries.add({ scope, name: `outgoing middleware ${name}`.trim(), run, when })
  }

  /** Plugins have other places now. */
  arrange(): void {
    this.#entries.sort()
  }

  /** Sends a message through the chain. Rejects only with what the way behind it rejects with. */
  run(draft: OutgoingDraft, trace: SendTrace | undefined): Promise<Receipt> {
    return this.#goOn({ entries: this.#entries.items, draft, trace, about: undefined }, 0)
  }

  #goOn(walk: OutgoingWalk, index: number): Promise<Receipt> {
    const entry = walk.entries[index]
    return entry === undefined ? this.#options.send(walk.draft) : this.#visit(walk, entry, index + 1)
  }

  async #visit(walk: OutgoingWalk, entry: OutgoingEntry, following: number): Promise<Receipt> {
    const { draft } = walk
    const { scope, run } = entry
    let rest: Promise<Receipt> | undefined
    const next = async (): Promise<Receipt> => {
      if (draft.elements !== before) await this.#options.prepare(draft)
      rest ??= this.#goOn(walk, following)
      return rest
    }
    const before = draft.elements
    scope.enter()
    try {
      if (!this.#concerns(walk, entry)) return await next()
      if (scope.isPaused) throw keptBack('it has failed too often and is paused.')
      const receipt: Receipt | undefined = await run(draft, next)
      if (receipt !== undefined) return receipt
      throw new TypeError('it gave no receipt; return what next() gives.')
    } catch (error) {
      const failed = fail(walk, entry, error)
      return rest ?? failed
    } finally {
      scope.leave()
    }
  }

  /** Paused or not: what a plugin is to look at does not go past it because it fails. */
  #concerns(walk: OutgoingWalk, { scope, when }: OutgoingEntry): boolean {
    const { filter } = scope
    if (filter === undefined && when === undefined) return true
    walk.about ??= this.#options.about(walk.draft)
    return filter?.(walk.about) !== false && when?.(walk.about) !== false
  }
}

/** Words must not get out because what takes them out is broken: the message fails, and tells by whom. */
function fail({ trace }: OutgoingWalk, { scope, name }: OutgoingEntry, error: unknown): Receipt {
  const why = MynahError.is(error) ? error.detail : thrownError(error).message
  trace?.add('error', scope.name, `${name}: ${why}`)
  scope.fail(error, name)
  return failedReceipt(keptBack(`Plugin ${scope.name}, ${name}: ${why}`, error))
}

function keptBack(why: string, cause?: unknown): MynahError {
  return new MynahError('SEND_MIDDLEWARE_FAILED', why, cause === undefined ? {} : { cause })
}
