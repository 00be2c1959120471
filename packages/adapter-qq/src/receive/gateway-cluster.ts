import {
  ConnectionReporter,
  defined,
  fingerprint,
  IntakeProgress,
  type Passage,
  retry,
  type RetryPolicy,
} from '@mynah/adapter-kit'
import { type Clock, type Dispose, type Logger, MynahError } from '@mynah/core'
import type { KeyValueStore, Settlement } from '@mynah/core/adapter'
import type { GatewayApi, GatewayInfo, SessionStartLimit } from '../api/gateway.ts'
import type { Credentials } from '../api/token-source.ts'
import type { QQConfig } from '../config.ts'
import { intentBits } from './intents.ts'
import type { Dispatch } from '../wire/envelope.ts'
import { Gateway, type GatewayStatus } from './gateway.ts'
import type { GatewaySession } from './gateway-state.ts'
import { SessionStarts } from './session-starts.ts'

/** What a {@link GatewayCluster} needs. */
export interface GatewayClusterOptions {
  /** The config of the bot. */
  readonly config: QQConfig
  /** Where the gateway is asked for. */
  readonly api: GatewayApi
  /** Where logins get their credentials from. */
  readonly credentials: Credentials
  /** Where it is stored how far events are settled; nothing where nobody keeps anything. */
  readonly keys: () => KeyValueStore | undefined
  /** Tells how each event ends. @returns Stops telling. */
  readonly onSettled: (listener: (settlement: Settlement) => void) => Dispose
  /** Takes an event; resolves when it was taken, rejects when it was not. */
  readonly onEvent: (envelope: Dispatch, signal: AbortSignal, passage?: Passage) => Promise<void>
  /** `online` when all connections are; `failed` when one is refused for good. */
  readonly onStatus: (status: GatewayStatus) => void
  /** A frame could not be read. */
  readonly onUnreadable: (reason: string) => void
  /** The platform refuses the credentials; they are tried again all the same. */
  readonly onCredentialsRefused: (reason: string) => void
  /** Where an operator reads. */
  readonly logger: Logger
  /** Time as the bot sees it. */
  readonly clock: Clock
}

const retryDelaysMs = [1000, 2000, 5000, 10_000, 30_000, 60_000]
/** What asking again does not mend is tried again all the same, but seldom: somebody may mend it. */
const refusedPauseMs = 60_000
/** Nothing is waited for longer than this without a look, in ms. */
const longestPauseMs = 10 * 60_000

/** After so long without a connection the platform has forgotten a session, in ms. */
const sessionLifeMs = 5 * 60_000

/** After so many failed attempts the address is asked for again. */
const staleAfter = 3

/** One shard, and what is left of its last run. */
interface ShardRun {
  readonly shard: readonly [number, number]
  /** Knows how far its events are settled. */
  readonly progress?: IntakeProgress
  /** The session to continue. */
  readonly session?: GatewaySession
}

/** All gateway connections of one bot: one per shard, started within the platform's limits. */
export class GatewayCluster {
  readonly #options: GatewayClusterOptions
  readonly #stopping = new AbortController()
  #gateways: Gateway[] = []
  #stopTelling: Dispose | undefined
  #starts: SessionStarts | undefined
  #statuses: GatewayStatus[] = []
  #url: string | undefined
  #isStopped = false
  readonly #reporter: ConnectionReporter

  constructor(options: GatewayClusterOptions) {
    this.#options = options
    const { logger, clock } = options
    this.#reporter = new ConnectionReporter({ name: 'QQ gateway', logger, clock })
  }

  /** Connects; keeps trying until it is stopped, whatever is in the way. Never rejects. */
  async start(): Promise<void> {
    const { clock, logger } = this.#options
    const policy: RetryPolicy = {
      decide: (error, failures) => ({ repeat: true, afterMs: delayFor(asMynahError(error), failures - 1) }),
      maxAttempts: Infinity,
      signal: this.#stopping.signal,
      onFailure: (error, retryInMs) => this.#failed(asMynahError(error), retryInMs),
      clock,
    }
    try {
      await retry(policy, async () => this.#startShards(await this.#ask()))
      this.#reporter.working()
    } catch {
      logger.debug('The search for the gateway was stopped')
    }
  }

  /** Ends all connections; leaves no timer and no socket. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#stopping.abort(new MynahError('BOT_OFFLINE', 'The gateway was stopped.'))
    this.#starts?.stop()
    await Promise.all(this.#gateways.map((gateway) => gateway.stop()))
    await this.#stopTelling?.()
  }

  #failed(error: MynahError, retryInMs: number | undefined): void {
    const { credentials, logger, onCredentialsRefused } = this.#options
    if (this.#stopping.signal.aborted) return
    if (error.code === 'AUTH_FAILED' && !error.retriable) onCredentialsRefused(error.message)
    // Who keeps the credentials has told an operator what is wrong with them.
    if (credentials.isFailing) return logger.debug({ err: error }, 'The gateway cannot be asked for')
    const reason = `where to connect is not known: ${error.message}`
    this.#reporter.failed({ reason, ...defined({ retryInMs }), fields: { err: error } })
  }

  /** Some bots may ask only for the address. */
  async #ask(): Promise<GatewayInfo> {
    const { api, logger } = this.#options
    try {
      return await api.info()
    } catch (error) {
      if (MynahError.is(error) && (error.retriable || error.code === 'AUTH_FAILED')) throw error
      const url = await api.url()
      logger.warn('The limits of the gateway could not be had; going on with its address alone')
      logger.debug({ err: error }, 'Why the limits of the gateway could not be had')
      return { url }
    }
  }

  async #startShards(info: GatewayInfo): Promise<void> {
    const { config, clock, logger, api } = this.#options
    this.#url = config.endpoints.gateway ?? info.url
    const limit = info.session_start_limit
    const count = config.shards ?? Math.max(1, info.shards ?? 1)
    const runs = await Promise.all(Array.from({ length: count }, (_, id) => this.#loadRun([id, count])))
    this.#stopping.signal.throwIfAborted()
    const starts = runs.filter(({ session }) => session === undefined).length
    if (limit !== undefined && starts > limit.remaining) throw tooFewStarts(starts, limit)
    const pace = new SessionStarts({ clock, logger, ask: () => api.info() }, limit)
    this.#starts = pace
    this.#statuses = runs.map(() => 'connecting')
    this.#stopTelling = this.#options.onSettled((settlement) => {
      for (const { progress } of runs) progress?.settled(settlement)
    })
    this.#gateways = runs.map((run) => this.#gateway(run, pace))
    for (const gateway of this.#gateways) gateway.start()
  }

  /** What an earlier run of a shard has left, where somebody keeps it. */
  async #loadRun(shard: readonly [number, number]): Promise<ShardRun> {
    const { config, keys, clock, logger } = this.#options
    if (keys() === undefined) return { shard }
    const { appId, secret, intents, endpoints } = config
    const progress = new IntakeProgress({
      store: keys,
      key: `qq:${appId}:gateway:${shard.join('/')}`,
      binding: fingerprint(appId, secret, intentBits(intents), shard, endpoints.api, endpoints.gateway ?? ''),
      lifeMs: sessionLifeMs,
      maxHeldMs: sessionLifeMs,
      clock,
      logger,
    })
    const left = await progress.load()
    if (left === undefined) return { shard, progress }
    return { shard, progress, session: { sessionId: left.session, seq: left.settled } }
  }

  #gateway({ shard, progress, session }: ShardRun, starts: SessionStarts): Gateway {
    const { config, credentials, logger, clock } = this.#options
    const { intents, dropRefusedIntents } = config
    const { onEvent, onUnreadable, onCredentialsRefused } = this.#options
    const [id] = shard
    return new Gateway({
      shard,
      machine: { intents, dropRefusedIntents, session },
      progress,
      credentials,
      starts,
      url: (failures) => this.#urlFor(failures),
      listener: {
        event: onEvent,
        tooManyGuilds: () => void this.#tellShards(),
        status: (status) => this.#shardStatus(id, status),
        refused: onUnreadable,
        credentialsRefused: onCredentialsRefused,
      },
      logger: logger.child({ shard: id }),
      clock,
    })
  }

  /** The address stays for the run; when it seems dead it is asked for again, and kept when nobody answers. */
  async #urlFor(failures: number): Promise<string> {
    const { config, api } = this.#options
    const known = config.endpoints.gateway ?? this.#url
    if (known !== undefined && (config.endpoints.gateway !== undefined || failures < staleAfter)) return known
    try {
      return (this.#url = await api.url())
    } catch (error) {
      if (known === undefined) throw error
      return known
    }
  }

  #shardStatus(id: number, status: GatewayStatus): void {
    this.#statuses[id] = status
    if (this.#isStopped) return
    if (status === 'failed') {
      void this.stop()
      return this.#options.onStatus('failed')
    }
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
      logger.error('The bot is in too many guilds for its connections; set more shards and start again')
      logger.debug({ err }, 'Why the number of shards is not known')
    }
  }
}

/** The platform grants fewer gateway sessions than are needed. */
function tooFewStarts(needed: number, { remaining, reset_after: resetMs }: SessionStartLimit): MynahError {
  return new MynahError(
    'RATE_LIMITED',
    `${needed} gateway sessions are needed, but only ${remaining} may be started; the count begins anew in ${Math.ceil(resetMs / 1000)} s (reset_after).`,
    { retryAfterMs: Math.min(longestPauseMs, Math.max(refusedPauseMs, resetMs)) },
  )
}

const asMynahError = (error: unknown): MynahError => MynahError.from(error, 'API_UNREACHABLE')

function delayFor(error: MynahError, tries: number): number {
  if (!error.retriable) return error.retryAfterMs ?? refusedPauseMs
  return retryDelaysMs[Math.min(tries, retryDelaysMs.length - 1)] ?? 0
}
