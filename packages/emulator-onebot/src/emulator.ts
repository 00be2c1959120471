import { setTimeout as sleep } from 'node:timers/promises'
import { MynahError, systemClock } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import {
  CallFaults,
  CallLog,
  type CallOutcome,
  ConnectionFaults,
  EventFaults,
  OnlineWatch,
  Timers,
} from '@mynah/emulator-kit'

import type { ActionContext } from './calls/action.ts'
import { runQuickOperation } from './endpoints/quick-operation.ts'
import { Api, type Answer } from './calls/api.ts'
import { type ApiCall, describeCall } from './calls/call.ts'
import { refused } from './calls/envelope.ts'
import { EventQueue } from './world/event-queue.ts'
import { type OneBotErrorAnswer, OneBotFaults } from './faults/faults.ts'
import type { OneBotGroup } from './people/group.ts'
import type { OneBotEmulatorOptions } from './options.ts'
import type { OneBotUser } from './people/user.ts'
import type { Profile, ProfileName } from './wire/profile.ts'
import { profiles } from './wire/profiles.ts'
import { People } from './people/people.ts'
import { Status } from './world/status.ts'
import type { Connection, ConnectionHost } from './gateway/connection.ts'
import { ForwardServer } from './gateway/forward.ts'
import type { Transport } from './gateway/host.ts'
import { HttpApi } from './http/http-api.ts'
import { ReverseClient, type ReverseOptions } from './gateway/reverse.ts'
import { Webhook, type WebhookOptions } from './webhook/webhook.ts'
import type { OneBotForward, OneBotReverse, OneBotTransport, OneBotWebhook } from './gateway/transports.ts'
import type { Envelope, RawEvent, Via } from './wire/wire.ts'
import type { StoredMessage } from './world/entities.ts'
import { EventWriter } from './world/events.ts'
import { MediaStore } from './world/media-store.ts'
import { Outbox } from './world/outbox.ts'
import type { OneBotEvents, OneBotWorld } from './world/view.ts'
import { World, type GroupInfo, type PersonInfo } from './world/world.ts'

const keptConnections = 1000
const keptCalls = 10_000

const selectAction =
  (selector: string) =>
  (action: string | undefined): boolean =>
    selector === '*' || selector === action

const quietMs = 100
const longestQuietWaitMs = 2000

/** The program that is signed in to QQ. Made by {@link startOneBotEmulator}. */
export class OneBotEmulator implements AsyncDisposable {
  /** What goes wrong on purpose. */
  readonly faults: OneBotFaults
  readonly #profile: Profile
  readonly #world: World
  readonly #events: EventWriter
  readonly #options: OneBotEmulatorOptions
  readonly #api: Api
  readonly #outbox: Outbox
  readonly #people: People
  readonly #transports: Transport[] = []
  readonly #timers: Timers
  readonly #calls: CallLog<ApiCall> = new CallLog({
    describe: describeCall,
    limit: keptCalls,
    select: (selector) => {
      const isMeant = selectAction(selector)
      return ({ action }) => isMeant(action)
    },
  })
  readonly #callFaults: CallFaults<OneBotErrorAnswer>
  readonly #eventFaults: EventFaults<RawEvent>
  readonly #connectionFaults = new ConnectionFaults<never>()
  readonly #connectionMail = new Mailbox<Connection>(({ kind, path }) => `${kind} ${path}`, keptConnections)
  readonly #connections = new Set<Connection>()
  readonly #online: OnlineWatch
  readonly #queue: EventQueue
  readonly #stopped = new AbortController()
  readonly #host: ConnectionHost
  readonly #heartbeatMs: number
  readonly #status: Status
  #activity = 0

  constructor(options: OneBotEmulatorOptions) {
    const profile = profiles[options.profile ?? 'napcat']
    this.#profile = profile
    this.#status = new Status(profile)
    this.#options = options
    this.#heartbeatMs = options.heartbeatMs ?? profile.heartbeatMs
    const { selfId: userId, nickname = 'Robo', clock = systemClock } = options
    this.#world = new World(profile, { userId, nickname }, new MediaStore(profile.letter), clock)
    this.#timers = new Timers(clock)
    this.#queue = new EventQueue(this.#timers)
    this.#callFaults = new CallFaults(this.#timers, selectAction)
    this.#eventFaults = new EventFaults(this.#timers)
    this.faults = new OneBotFaults({
      calls: this.#callFaults,
      events: this.#eventFaults,
      connections: this.#connectionFaults,
      drop: (code, reason) => {
        for (const connection of this.connections) {
          void (code === undefined ? connection.terminate() : connection.close(code, reason))
        }
      },
    })
    this.#online = new OnlineWatch(
      () => this.#isOnline(),
      () => `nobody is there for both events and calls; open connections: ${this.connections.length}.`,
    )
    this.#events = new EventWriter(this.#world, options.messageFormat ?? 'array')
    this.#outbox = new Outbox(this.#world, (message) => this.#onSent(message))
    const send = (event: RawEvent | undefined): Promise<void> =>
      event === undefined ? Promise.resolve() : this.emit(event)
    this.#people = new People(this.#world, this.#events, { send, silence: () => this.silence() })
    this.#api = new Api(profile, (via) => this.#context(via))
    this.#host = this.#makeHost()
  }

  /** The implementation that is played. */
  get profile(): ProfileName {
    return this.#profile.name
  }

  /** The platform's memory, to arrange and to look at. */
  get world(): OneBotWorld {
    return this.#world
  }

  /** Writes events in the form of the implementation, for {@link OneBotEmulator.emit}. */
  get events(): OneBotEvents {
    return this.#events
  }

  /** The QQ number of the bot. */
  get selfId(): number {
    return this.#world.self.userId
  }

  /** Every call so far, the newest 10 000 of them, oldest first. */
  get calls(): readonly ApiCall[] {
    return this.#calls.all
  }

  /** The open sockets, oldest first. */
  get connections(): readonly Connection[] {
    return [...this.#connections]
  }

  // --- transports

  /** Opens a forward WebSocket server on 127.0.0.1. @param port - @defaultValue a free one */
  listenWebSocket(port = 0): Promise<OneBotForward> {
    return this.#add(new ForwardServer(this.#host, port, this.#connectionFaults.refusals))
  }

  /** Opens an HTTP API on 127.0.0.1. @param port - @defaultValue a free one */
  listenHttp(port = 0): Promise<OneBotTransport> {
    return this.#add(new HttpApi(this.#host, port))
  }

  /** Posts events to a URL from now on, and carries out the quick operations it answers with. */
  useWebhook(options: WebhookOptions): Promise<OneBotWebhook> {
    return this.#add(new Webhook(this.#host, options))
  }

  /** Dials a reverse WebSocket server, and again whenever the socket is gone. */
  connectReverse(url: string, options?: ReverseOptions): Promise<OneBotReverse> {
    return this.#add(new ReverseClient(this.#host, url, options))
  }

  async #add<T extends Transport>(transport: T): Promise<T> {
    this.#transports.push(transport)
    await transport.start()
    this.#online.changed()
    return transport
  }

  /**
   * Resolves as soon as the bot gets events and can call.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when it takes longer.
   */
  online(timeoutMs?: number): Promise<void> {
    return this.#online.wait(timeoutMs)
  }

  /** Takes the next connection that opened since the last one taken. @throws MynahError `TEST_EXPECTATION` */
  expectConnection(accepts?: (connection: Connection) => boolean, timeoutMs?: number): Promise<Connection> {
    return this.#connectionMail.take(accepts, 'a connection', timeoutMs)
  }

  #isOnline(): boolean {
    const takesEvents = this.#transports.some((transport) => transport.takesEvents)
    return takesEvents && this.#transports.some((transport) => transport.takesCalls)
  }

  // --- people

  /** A friend of the bot. */
  friend(info: PersonInfo): OneBotUser {
    const person = this.#world.person(info)
    person.isFriend = true
    return this.#people.user(person)
  }

  /** Somebody the bot does not know. */
  stranger(info: PersonInfo): OneBotUser {
    return this.#people.user(this.#world.person(info))
  }

  /** A group that the bot is in. */
  group(info: GroupInfo): OneBotGroup {
    return this.#people.group(this.#world.group(info).groupId)
  }

  // --- events

  /**
   * Sends an event, whatever it is, to everybody connected. Settles when every socket has written it and
   * every webhook was answered; nobody there means that it is lost, as on the real ones.
   */
  emit(event: RawEvent): Promise<void> {
    this.#status.received += 1
    if (this.#profile.letter === 'G' || this.#profile.letter === 'B') this.#queue.push(event)
    const text = JSON.stringify(event)
    return this.#eventFaults.pass(event, () => this.#deliver(event, text)) ?? Promise.resolve()
  }

  #deliver(event: RawEvent, text: string): Promise<void> | undefined {
    const [only, ...others] = this.#transports
    if (only === undefined) return undefined
    if (others.length === 0) return only.deliver(event, text)
    const handed = this.#transports.map((transport) => transport.deliver(event, text) ?? Promise.resolve())
    return Promise.all(handed).then(() => {})
  }

  /** Signs the account in or out of QQ and reports it where the profile does; the sockets stay. */
  setOnline(online: boolean): Promise<void> {
    this.#status.online = online
    const { letter } = this.#profile
    if (letter === 'L' && online) return this.emit(this.#events.notice('bot_online', { reason: 'Reconnect' }))
    if (online || letter === 'G' || letter === 'B') return Promise.resolve()
    const user = letter === 'N' ? { user_id: this.selfId } : {}
    const why = { tag: 'KickedOffLine', message: 'your account signed in on another device' }
    return this.emit(this.#events.notice('bot_offline', { ...user, ...why }))
  }

  // --- calls

  /**
   * Takes the first call of an action, already there or still to come.
   *
   * @param action - Its name, or `*`.
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when none comes in time.
   */
  expectCall(action: string, accepts?: (call: ApiCall) => boolean, timeoutMs?: number): Promise<ApiCall> {
    return this.#calls.expect(action, accepts, timeoutMs)
  }

  async #call(action: string, params: Record<string, unknown>, via: Via): Promise<CallOutcome<Answer>> {
    this.#activity += 1
    const call: ApiCall = { action, params, via, answer: undefined }
    this.#calls.begin(call)
    const outcome = await this.#callFaults.run<Answer>(action, {
      carryOut: () => this.#api.answer(action, params, via),
      errorAnswer: ({ answer }) => [answer],
      dealtWith: () => this.#calls.done(call),
    })
    if (typeof outcome !== 'string') call.answer = outcome.answer
    return outcome
  }

  #onSent(message: StoredMessage): void {
    this.#activity += 1
    this.#status.sent += 1
    this.#status.lastMessageTime = message.time
    this.#people.overhear(message)
    if (this.#options.reportSelfMessages === true) void this.emit(this.#events.message(message))
  }

  #context(via: Via): ActionContext {
    return {
      profile: this.#profile,
      world: this.#world,
      outbox: this.#outbox,
      events: this.#events,
      via,
      emit: (event) => {
        if (event !== undefined) void this.emit(event)
      },
      status: () => this.#status.report(),
      supported: () => this.#api.supported,
      poll: (limit, timeoutMs) => this.#queue.take(limit, timeoutMs),
      run: (action, params) => this.#api.run(action, params, via),
      restart: (delayMs) => {
        this.#timers.after(delayMs, () => void this.restart())
      },
    }
  }

  #makeHost(): ConnectionHost {
    const accessToken = this.#options.accessToken ?? ''
    return {
      profile: this.#profile,
      selfId: this.selfId,
      accessToken,
      timers: this.#timers,
      call: (action, params, via) => this.#call(action, params, via),
      refusal: (retcode, text): Envelope => refused(this.#profile, retcode, text),
      lifecycle: (subType) => this.#events.lifecycle(subType),
      quickOperation: (event, operation) =>
        runQuickOperation(event, operation, this.#context('quick-operation')),
      opened: (connection) => {
        this.#connections.add(connection)
        this.#connectionMail.push(connection)
        this.#online.changed()
      },
      closed: (connection) => this.#connections.delete(connection),
    }
  }

  // --- life

  /** Settles when the bot has read everything and, as far as can be known, has nothing more to say. */
  async silence(): Promise<void> {
    const read = (): Promise<unknown> =>
      Promise.all(this.connections.map((connection) => connection.roundTrip()))
    await read()
    if (this.#options.settled !== undefined) {
      await this.#options.settled()
      await read()
      return
    }
    const deadline = Date.now() + longestQuietWaitMs
    let seen = -1
    while (seen !== this.#activity && Date.now() < deadline) {
      seen = this.#activity
      await sleep(quietMs, undefined, { signal: this.#stopped.signal })
      await read()
    }
  }

  /** Starts what has to run before any transport. Called by {@link startOneBotEmulator}. */
  async start(): Promise<void> {
    await this.#world.media.start()
    if (this.#heartbeatMs <= 0) return
    this.#timers.every(this.#heartbeatMs, () => {
      void this.emit(this.#events.heartbeat(this.#status.report(), this.#heartbeatMs))
    })
  }

  /** Stops every transport at once, as a crash of the process does. */
  async stop(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.stop()))
  }

  /** Comes back after {@link stop}, on the same ports. */
  async resume(): Promise<void> {
    for (const transport of this.#transports) await transport.start()
  }

  /** {@link stop} and {@link resume}: the process restarts. */
  async restart(): Promise<void> {
    await this.stop()
    await this.resume()
  }

  /** Ends everything; no socket, server or timer is left. */
  async close(): Promise<void> {
    this.#stopped.abort(new MynahError('TEST_EXPECTATION', 'The emulator was closed.'))
    this.#timers.close()
    this.faults.clear()
    this.#queue.close()
    await this.stop()
    await this.#world.media.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Signs a bot in to the emulated platform. It talks to nobody until a transport is added. */
export async function startOneBotEmulator(options: OneBotEmulatorOptions): Promise<OneBotEmulator> {
  const emulator = new OneBotEmulator(options)
  await emulator.start()
  return emulator
}
