import type { Clock, Logger } from '@mynah/core'
import type { GatewaySession } from './gateway-state.ts'
import { type GatewaySessionStore, type SavedSession, usableSession } from './session-store.ts'

/** How far what is saved may lag behind, in ms. */
const saveEveryMs = 1000

/** What a {@link SessionSaver} needs. */
export interface SessionSaverOptions {
  /** Keeps sessions over a restart. */
  readonly store: GatewaySessionStore | undefined
  /** What the session belongs to. */
  readonly settings: Pick<SavedSession, 'appId' | 'shard' | 'intents'>
  /** Time as the bot sees it. */
  readonly clock: Clock
  /** Where an operator reads. */
  readonly logger: Pick<Logger, 'warn'>
}

/** Saves the session of one connection, at most once a second and when it ends. */
export class SessionSaver {
  readonly #options: SessionSaverOptions
  #current: GatewaySession | undefined
  #cancel: (() => void) | undefined
  #work: Promise<void> = Promise.resolve()

  constructor(options: SessionSaverOptions) {
    this.#options = options
  }

  /** The session of an earlier run, if it can still be continued. */
  async load(): Promise<GatewaySession | undefined> {
    try {
      const saved = await this.#options.store?.load(this.#key)
      this.#current = usableSession(saved, this.#options.settings, this.#options.clock.now())
    } catch (err) {
      this.#options.logger.warn({ err }, 'The saved gateway session could not be read')
    }
    return this.#current
  }

  /** The session is this now. */
  note(session: GatewaySession | undefined): void {
    this.#current = session
    if (this.#options.store === undefined || this.#cancel !== undefined) return
    this.#cancel = this.#options.clock.setTimeout(() => {
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
    const { appId, shard } = this.#options.settings
    return `qq:${appId}:${shard[0]}/${shard[1]}`
  }

  #save(): void {
    const session = this.#current
    const saved =
      session === undefined
        ? undefined
        : { ...session, ...this.#options.settings, savedAt: this.#options.clock.now() }
    this.#work = this.#work.then(async () => {
      try {
        await this.#options.store?.save(this.#key, saved)
      } catch (err) {
        this.#options.logger.warn(
          { err },
          'The gateway session could not be saved; a restart would miss events',
        )
      }
    })
  }
}
