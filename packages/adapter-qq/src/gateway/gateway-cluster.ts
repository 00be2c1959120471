import { type Clock, type Logger, MynahError } from '@mynah/core'
import type { GatewayApi, GatewayInfo } from '../api/gateway.ts'
import type { Credentials } from '../auth/credentials.ts'
import { sleep } from '../http.ts'
import { intentBits, type IntentName } from '../intents.ts'
import type { Dispatch } from '../wire/envelope.ts'
import { Gateway, type GatewayStatus } from './gateway.ts'
import type { GatewaySession } from './gateway-state.ts'
import { SessionSaver } from './session-saver.ts'
import type { GatewaySessionStore } from './session-store.ts'
import { SessionStarts } from './session-starts.ts'

/** What a {@link GatewayCluster} needs. */
export interface GatewayClusterOptions {
  readonly appId: string
  readonly api: GatewayApi
  readonly credentials: Credentials
  readonly intents: readonly IntentName[]
  readonly dropRefusedIntents: boolean
  /** Number of connections. @defaultValue what the platform suggests */
  readonly shards?: number | undefined
  /** Replaces the address the platform names. */
  readonly url?: string | undefined
  readonly store?: GatewaySessionStore | undefined
  readonly onEvent: (envelope: Dispatch) => void
  /** `online` when all connections are; `stopped` with the reason when one is refused for good. */
  readonly onStatus: (status: GatewayStatus, error?: MynahError) => void
  readonly logger: Logger
  readonly clock: Clock
}

const retryDelaysMs = [1000, 2000, 5000, 10_000, 30_000, 60_000]

/** After so many failed attempts the address is asked for again. */
const staleAfter = 3

/** All gateway connections of one bot: one per shard, started within the platform's limits. */
export class GatewayCluster {
  readonly #options: GatewayClusterOptions
  readonly #stopping = new AbortController()
  #gateways: Gateway[] = []
  #savers: SessionSaver[] = []
  #starts: SessionStarts | undefined
  #statuses: GatewayStatus[] = []
  #url: string | undefined
  #isStopped = false

  constructor(options: GatewayClusterOptions) {
    this.#options = options
  }

  /** Connects; keeps trying while the platform cannot be reached. Never rejects. */
  async start(): Promise<void> {
    try {
      const info = await this.#findGateway()
      await this.#startShards(info)
    } catch (error) {
      if (!this.#stopping.signal.aborted) this.#fail(MynahError.from(error, 'API_UNREACHABLE'))
    }
  }

  /** Ends all connections; leaves no timer and no socket. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The gateway was stopped.'))
    this.#starts?.stop()
    await Promise.all(this.#gateways.map((gateway) => gateway.stop()))
    await Promise.all(this.#savers.map((saver) => saver.flush()))
  }

  async #findGateway(): Promise<GatewayInfo> {
    for (let tries = 0; ; tries += 1) {
      try {
        const info = await this.#ask()
        this.#url = this.#options.url ?? info.url
        return info
      } catch (error) {
        this.#stopping.signal.throwIfAborted()
        const isFinal = MynahError.is(error) && !error.retriable
        if (isFinal) throw error
        this.#options.logger.warn({ err: error }, 'The gateway address could not be had; trying again')
        const delayMs = retryDelaysMs[Math.min(tries, retryDelaysMs.length - 1)] ?? 0
        await sleep(this.#options.clock, delayMs, this.#stopping.signal)
      }
    }
  }

  /** Some bots may ask only for the address. */
  async #ask(): Promise<GatewayInfo> {
    const { api, logger } = this.#options
    try {
      return await api.info()
    } catch (error) {
      if (MynahError.is(error) && (error.retriable || error.code === 'AUTH_FAILED')) throw error
      logger.warn(
        { err: error },
        'The limits of the gateway could not be had; going on with its address alone',
      )
      return { url: await api.url() }
    }
  }

  async #startShards(info: GatewayInfo): Promise<void> {
    const { clock, logger, api } = this.#options
    const limit = info.session_start_limit
    const count = this.#options.shards ?? Math.max(1, info.shards ?? 1)
    const sessions = await this.#loadSessions(count)
    this.#stopping.signal.throwIfAborted()
    const starts = sessions.filter((session) => session === undefined).length
    if (limit !== undefined && starts > limit.remaining) {
      throw new MynahError(
        'RATE_LIMITED',
        `${starts} gateway sessions are needed, but only ${limit.remaining} may be started; the count begins anew in ${Math.ceil(limit.reset_after / 1000)} s (reset_after).`,
      )
    }
    this.#starts = new SessionStarts({ clock, logger, ask: () => api.info() }, limit)
    this.#statuses = sessions.map(() => 'connecting')
    this.#gateways = sessions.map((session, id) => this.#gateway([id, count], session, this.#starts))
    for (const gateway of this.#gateways) gateway.start()
  }

  async #loadSessions(count: number): Promise<(GatewaySession | undefined)[]> {
    const { appId, intents, store, clock, logger } = this.#options
    this.#savers = Array.from(
      { length: count },
      (_, id) =>
        new SessionSaver(store, { appId, shard: [id, count], intents: intentBits(intents) }, clock, logger),
    )
    return Promise.all(this.#savers.map((saver) => saver.load()))
  }

  #gateway(
    shard: readonly [number, number],
    session: GatewaySession | undefined,
    starts: SessionStarts | undefined,
  ): Gateway {
    const { intents, dropRefusedIntents, credentials, logger, clock, onEvent } = this.#options
    const [id] = shard
    if (starts === undefined) throw new MynahError('BOT_OFFLINE', 'The gateway was stopped.')
    return new Gateway({
      shard,
      state: { intents, dropRefusedIntents, session },
      credentials,
      starts,
      url: (failures) => this.#urlFor(failures),
      listener: {
        event: onEvent,
        tooManyGuilds: () => void this.#tellShards(),
        session: (current) => this.#savers[id]?.note(current),
        status: (status, error) => this.#shardStatus(id, status, error),
      },
      logger: logger.child({ shard: id }),
      clock,
    })
  }

  /** The address stays for the run; when it seems dead it is asked for again, and kept when nobody answers. */
  async #urlFor(failures: number): Promise<string> {
    const { url, api } = this.#options
    const known = this.#url ?? url
    if (url !== undefined || (known !== undefined && failures < staleAfter)) return known ?? url ?? ''
    try {
      this.#url = await api.url()
    } catch (error) {
      if (known === undefined) throw error
    }
    return this.#url ?? known ?? ''
  }

  #shardStatus(id: number, status: GatewayStatus, error: MynahError | undefined): void {
    this.#statuses[id] = status
    if (this.#isStopped) return
    if (status === 'stopped') return this.#fail(error)
    if (this.#statuses.every((other) => other === 'online')) return this.#options.onStatus('online')
    if (status !== 'online') this.#options.onStatus(status)
  }

  async #tellShards(): Promise<void> {
    const { api, logger } = this.#options
    try {
      const { shards } = await api.info()
      logger.error(
        `The bot is in too many guilds for its connections; set shards to ${shards} and start again`,
      )
    } catch (err) {
      logger.error({ err }, 'The bot is in too many guilds for its connections; set more shards')
    }
  }

  #fail(error: MynahError | undefined): void {
    void this.stop()
    this.#options.onStatus('stopped', error)
  }
}
