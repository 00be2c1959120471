import type { Clock, Logger } from '@mynah/core'
import type { GatewaySession } from './gateway-state.ts'
import { type GatewaySessionStore, type SavedSession, usableSession } from './session-store.ts'

/** How far what is saved may lag behind, in ms. */
const saveEveryMs = 1000

/** Saves the session of one connection, at most once a second and when it ends. */
export class SessionSaver {
  readonly #store: GatewaySessionStore | undefined
  readonly #settings: Pick<SavedSession, 'appId' | 'shard' | 'intents'>
  readonly #clock: Clock
  readonly #logger: Pick<Logger, 'warn'>
  #current: GatewaySession | undefined
  #cancel: (() => void) | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(
    store: GatewaySessionStore | undefined,
    settings: Pick<SavedSession, 'appId' | 'shard' | 'intents'>,
    clock: Clock,
    logger: Pick<Logger, 'warn'>,
  ) {
    this.#store = store
    this.#settings = settings
    this.#clock = clock
    this.#logger = logger
  }

  /** The session of an earlier run, if it can still be continued. */
  async load(): Promise<GatewaySession | undefined> {
    try {
      const saved = await this.#store?.load(this.#key)
      this.#current = usableSession(saved, this.#settings, this.#clock.now())
    } catch (err) {
      this.#logger.warn({ err }, 'The saved gateway session could not be read')
    }
    return this.#current
  }

  /** The session is this now. */
  note(session: GatewaySession | undefined): void {
    this.#current = session
    if (this.#store === undefined || this.#cancel !== undefined) return
    this.#cancel = this.#clock.setTimeout(() => {
      this.#cancel = undefined
      this.#save()
    }, saveEveryMs)
  }

  /** Saves what is not saved yet. */
  async flush(): Promise<void> {
    if (this.#cancel !== undefined) {
      this.#cancel()
      this.#cancel = undefined
      this.#save()
    }
    await this.#work
  }

  get #key(): string {
    const { appId, shard } = this.#settings
    return `qq:${appId}:${shard[0]}/${shard[1]}`
  }

  #save(): void {
    const session = this.#current
    const saved =
      session === undefined ? undefined : { ...session, ...this.#settings, savedAt: this.#clock.now() }
    this.#work = this.#work.then(async () => {
      try {
        await this.#store?.save(this.#key, saved)
      } catch (err) {
        this.#logger.warn({ err }, 'The gateway session could not be saved; a restart would miss events')
      }
    })
  }
}
