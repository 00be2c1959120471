import {
  EventBuffer,
  type GatewayConnection,
  GatewayDriver,
  type IntakeProgress,
  type Passage,
} from '@mynah/adapter-kit'
import { type Clock, type Logger, MynahError } from '@mynah/core'
import type { Credentials } from '../api/token-source.ts'
import { type Dispatch, type Envelope, opcodes, parseEnvelope } from '../wire/envelope.ts'
import { type GatewayMachineOptions, QQGatewayMachine } from './gateway-machine.ts'
import type { GatewayNote, GatewayState, GatewayTask } from './gateway-state.ts'
import { intentBits } from './intents.ts'
import type { SessionStarts } from './session-starts.ts'

/** Where one connection stands. */
export type GatewayStatus = 'connecting' | 'online' | 'reconnecting' | 'failed'

/** Who hears of a connection. */
export interface GatewayListener {
  /** An event came in. Resolves when it was taken, as long as that takes; rejects when it was not. */
  event(envelope: Dispatch, signal: AbortSignal, passage?: Passage): Promise<void>
  /** The connection stands elsewhere now. */
  status(status: GatewayStatus): void
  /** A frame could not be read. */
  refused(reason: string): void
  /** The platform refuses the credentials; they are tried again all the same. */
  credentialsRefused(reason: string): void
  /** One connection cannot carry all guilds. */
  tooManyGuilds(): void
}

/** What a {@link Gateway} needs. */
export interface GatewayOptions {
  /** Number and count. */
  readonly shard: readonly [number, number]
  /** The rules of the connection. */
  readonly machine: GatewayMachineOptions
  /** Where logins get their credentials from. */
  readonly credentials: Credentials
  /** Leave to start sessions. */
  readonly starts: SessionStarts
  /** Asked before every attempt. */
  readonly url: (failures: number) => Promise<string>
  /** Who hears of it. */
  readonly listener: GatewayListener
  /** Knows how far events are settled over a restart, where that is stored. */
  readonly progress?: IntakeProgress | undefined
  /** Where an operator reads. */
  readonly logger: Logger
  /** Time as the bot sees it. */
  readonly clock: Clock
}

/** Neither 1000 nor 1001, which end the session on the platform's side. */
const resumableClose = 3000

/** An event, and the session in which it came. */
interface Received {
  readonly envelope: Dispatch
  readonly sessionId: string | undefined
}

type Connection = GatewayConnection<GatewayNote>

/**
 * One connection to the gateway: does what {@link QQGatewayMachine} says. Events that nobody takes are kept to a
 * bound; past it the connection is closed, and the session goes on behind the last event that was taken as soon as
 * nothing waits.
 */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #driver: GatewayDriver<GatewayState, Envelope, GatewayNote, GatewayTask>
  readonly #events: EventBuffer<Received>

  constructor(options: GatewayOptions) {
    this.#options = options
    const { machine, listener, progress, logger, clock } = options
    this.#events = new EventBuffer({
      take: (received, signal) => this.#take(received, signal),
      onTaken: ({ envelope, sessionId }) => {
        if (envelope.s !== undefined) this.#driver.note({ taken: envelope.s, sessionId })
      },
      onError: (err) => logger.debug({ err }, 'An event was not taken; the platform sends it again'),
    })
    this.#driver = new GatewayDriver({
      name: 'QQ gateway',
      machine: new QQGatewayMachine(machine),
      target: async ({ failures, signal }) => {
        await this.#events.drained(signal)
        return { url: await options.url(failures) }
      },
      read: (data) => parseEnvelope(data.toString()),
      onUnreadable: () => listener.refused('a frame of the gateway could not be read'),
      perform: (task, connection) => this.#perform(task, connection),
      onStatus: (status) => {
        progress?.setOnline(status === 'online')
        listener.status(status)
      },
      closeCode: resumableClose,
      logger,
      clock,
    })
  }

  /** Connects, and stays so until it is stopped. */
  start(): void {
    this.#driver.start()
  }

  /** Closes for good; the session stays resumable. Leaves no timer and no socket. */
  async stop(): Promise<void> {
    await this.#driver.stop()
    await this.#events.stop()
    await this.#options.progress?.stop()
  }

  #perform(task: GatewayTask, connection: Connection): void {
    const { listener, logger } = this.#options
    switch (task.task) {
      case 'event':
        return this.#receive(task.envelope, connection)
      case 'login':
        return void this.#logIn(task, connection)
      case 'session':
        return this.#sessionChanged(task.id)
      case 'refused':
        return listener.credentialsRefused(task.failure.reason)
      case 'renew':
        return void this.#renew()
      case 'dropped-intent':
        return logger.warn({ intent: task.name }, 'The platform refused the login; trying without an intent')
      case 'too-many-guilds':
        return listener.tooManyGuilds()
      case 'ignore':
        return logger.debug({ why: task.why }, 'A gateway frame was ignored')
    }
  }

  #receive(envelope: Dispatch, connection: Connection): void {
    const { session } = this.#driver.state
    if (!this.#events.offer({ envelope, sessionId: session?.sessionId })) connection.note({ full: true })
  }

  /** Heartbeats name what was taken; what is stored is what is settled, so that a restart loses nothing. */
  async #take({ envelope, sessionId }: Received, signal: AbortSignal): Promise<void> {
    const { listener, progress } = this.#options
    const { s: number, t } = envelope
    if (progress === undefined || progress.session !== sessionId || typeof number !== 'number')
      return listener.event(envelope, signal)
    await progress.pass(number, (passage) => {
      if (t === 'RESUMED') progress.caughtUp()
      return listener.event(envelope, signal, passage)
    })
  }

  #sessionChanged(id: string | undefined): void {
    const { progress, logger } = this.#options
    if (id !== undefined) return progress?.begin(id)
    progress?.forget()
    logger.warn(
      'QQ does not continue the session; what happened since the connection was lost may be missing',
    )
  }

  async #logIn(task: Extract<GatewayTask, { task: 'login' }>, connection: Connection): Promise<void> {
    const { starts, credentials, logger } = this.#options
    try {
      if (task.session === undefined) await starts.claim(connection.signal)
      const token = await credentials.authorization()
      connection.send(JSON.stringify(this.#loginFrame(token, task)))
    } catch (err) {
      if (connection.signal.aborted) return
      logger.debug({ err }, 'The login to the gateway could not be sent')
      const reason = `the login could not be sent: ${MynahError.from(err, 'AUTH_FAILED').message}`
      // Who keeps the credentials has told why there are none.
      connection.note({ loginFailed: credentials.isFailing ? undefined : { reason } })
    }
  }

  #loginFrame(token: string, { session, intents }: Extract<GatewayTask, { task: 'login' }>): object {
    if (session !== undefined) {
      return { op: opcodes.resume, d: { token, session_id: session.sessionId, seq: session.seq } }
    }
    const properties = { $os: process.platform, $browser: 'mynah', $device: 'mynah' }
    const d = { token, intents: intentBits(intents), shard: this.#options.shard, properties }
    return { op: opcodes.identify, d }
  }

  async #renew(): Promise<void> {
    try {
      await this.#options.credentials.renew()
    } catch (err) {
      // Who keeps them tells why, and goes on trying.
      this.#options.logger.debug({ err }, 'New credentials could not be had')
    }
  }
}
