import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

import {
  App,
  type AppEvents,
  type AppOptions,
  type BotFeature,
  type ChatEvent,
  type ChatEventName,
  type ChatEvents,
  createLogger,
  definePlugin,
  type ElementType,
  type Guild,
  type InstanceOptions,
  LeakDetector,
  type Message,
  MynahError,
  type Plugin,
  type PluginInstance,
  type ServiceName,
  type Services,
  type User,
  standardElements,
} from '@mynah/core'
import { TestClock } from '@mynah/core/testing'

import type { BotCall, CallArguments } from './calls.ts'
import { countListeners, findLeaks } from './leaks.ts'
import { type LogEntry, readLogLine } from './log-entries.ts'
import { describeContent } from './messages.ts'
import { type EventFields, TestBot } from './test-bot.ts'
import { TestGuild } from './test-guild.ts'
import type { TestHost } from './test-host.ts'
import { type ExpectOptions, TestUser } from './test-user.ts'
import { World } from './world.ts'

/** How a {@link TestApp} is made. */
export interface TestAppOptions extends Omit<AppOptions, 'clock' | 'logger'> {
  /** Name of the platform that the bot pretends to be on. @defaultValue 'test' */
  readonly platform?: string
  /** The bot's account. @defaultValue `{ id: 'mynah', name: 'Mynah', isBot: true }` */
  readonly self?: User
  /** What the platform cannot do: elements it does not show, methods it does not have. @defaultValue nothing */
  readonly lacks?: readonly (ElementType | BotFeature)[]
  /** Elements that the platform shows besides the standard ones. */
  readonly shows?: readonly string[]
  /** Most characters in one message. @defaultValue no limit */
  readonly maxTextLength?: number
  /** Where the clock starts, in ms since 1970. @defaultValue the first moment of 2026, UTC */
  readonly now?: number
}

/** How long a test waits for the bot to be done, in ms of real time. */
const timeoutMs = 5000

/** How much of a chat a report shows, in messages. */
const reportLength = 20

/** An app with a bot in memory, and everything a test needs to talk to it; see {@link createTestApp}. */
export class TestApp implements AsyncDisposable, TestHost {
  readonly app: App
  readonly bot: TestBot
  readonly clock: TestClock
  /** What was logged, oldest first. */
  readonly logs: LogEntry[] = []
  /** What failed inside of plugins, oldest first. */
  readonly errors: AppEvents['plugin-error'][] = []
  readonly #world: World
  readonly #users = new Map<string, TestUser>()
  readonly #guilds = new Map<string, TestGuild>()
  readonly #detector: LeakDetector = new LeakDetector()
  readonly #listeners = countListeners()
  #stopping: Promise<readonly string[]> | undefined

  constructor(options: TestAppOptions = {}) {
    const { platform = 'test', self, lacks = [], shows = [], maxTextLength, now, ...appOptions } = options
    const missing = new Set<string>(lacks)
    const elements = [...standardElements, ...shows].filter((type) => !missing.has(type))
    const stream = { write: (line: string) => this.logs.push(readLogLine(line)) }
    this.clock = new TestClock(now)
    this.#world = new World(self ?? { id: 'mynah', name: 'Mynah', isBot: true })
    this.bot = new TestBot({
      platform,
      world: this.#world,
      clock: this.clock,
      support: maxTextLength === undefined ? { elements } : { elements, maxTextLength },
      lacks: missing,
    })
    this.app = new App({ ...appOptions, clock: this.clock, logger: createLogger({ level: 'debug', stream }) })
    this.app.on('plugin-error', (error) => this.errors.push(error))
    this.app.addBot(this.bot)
  }

  /** Somebody who talks to the bot. The same id gives the same person. */
  user(id: string, fields: Omit<User, 'id'> = {}): TestUser {
    const known = this.#users.get(id)
    if (known !== undefined) return known
    const data: User = { name: id, ...fields, id }
    const user = new TestUser(this, data, this.#world.direct(id))
    this.#world.users.set(id, data)
    this.#users.set(id, user)
    return user
  }

  /** A guild that the bot is in. The same id gives the same guild. */
  guild(id: string, fields: Omit<Guild, 'id'> = {}): TestGuild {
    const known = this.#guilds.get(id)
    if (known !== undefined) return known
    const state = {
      guild: { name: id, ...fields, id },
      channels: new Map([[id, { id, type: 'text' as const, name: id }]]),
      members: new Map([[this.bot.selfId, { user: this.#world.self }]]),
      roles: new Map(),
    }
    const guild = new TestGuild(this, state)
    this.#world.guilds.set(id, state)
    this.#guilds.set(id, guild)
    return guild
  }

  /**
   * Adds a plugin and waits until it runs.
   *
   * @throws MynahError `CONFIG_INVALID` for a wrong config, `PLUGIN_SETUP_FAILED` with what its `setup` threw as the
   * cause, or `TEST_EXPECTATION` when it waits for a service that nobody provides.
   */
  async plugin<Input>(
    plugin: Plugin<Input>,
    config?: Input,
    options: InstanceOptions = {},
  ): Promise<PluginInstance> {
    const instance = this.app.plugin(plugin, config, options)
    await instance.settled()
    return this.#running(instance)
  }

  /**
   * Puts another version of a plugin, or another config, in the place of a running one, as a reload does.
   *
   * @param target - The plugin, or one of its instances.
   * @param plugin - The new version. @defaultValue the same, from its start
   * @param config - The new config. @defaultValue the config that it has
   * @throws MynahError as {@link plugin} does; the old version runs again then.
   */
  async reload<Input>(
    target: PluginInstance | Plugin<Input>,
    plugin?: Plugin<Input>,
    config?: Input,
  ): Promise<PluginInstance> {
    const instance = Array.from(this.app.instances).find(
      (candidate) => candidate === target || candidate.plugin === target,
    )
    if (instance === undefined) {
      throw new MynahError('TEST_EXPECTATION', `${target.name} is not running; add it by t.plugin() first.`)
    }
    const { results } = await this.app.swap([
      { instance, plugin: plugin ?? instance.plugin, config: config ?? instance.config, when: instance.when },
    ])
    const error = results[0]?.error
    if (error !== undefined) throw MynahError.from(error, 'PLUGIN_SETUP_FAILED')
    return this.#running(instance)
  }

  #running(instance: PluginInstance): PluginInstance {
    if (instance.state === 'active') return instance
    if (instance.error !== undefined) throw MynahError.from(instance.error, 'PLUGIN_SETUP_FAILED')
    const reason =
      instance.missing.length > 0
        ? `it waits for ${instance.missing.join(', ')}; add who provides that, or use t.provide()`
        : `it is ${instance.state}`
    throw new MynahError('TEST_EXPECTATION', `${instance.name} does not run: ${reason}.`)
  }

  /** Provides a service in the name of the test. @returns Takes it away. */
  provide<K extends ServiceName>(name: K, value: Services[K]): () => Promise<void> {
    const instance = this.app.plugin(
      definePlugin({ name: `test:${String(name)}`, setup: (ctx) => void ctx.provide(name, value) }),
    )
    return () => instance.dispose()
  }

  /** Tells everybody that the app is ready. Plugins run without that, too. */
  start(): Promise<void> {
    return this.app.start()
  }

  /** Lets something happen on the platform. Resolves when the bot has nothing more to do. */
  emit<K extends ChatEventName>(type: K, fields: EventFields<ChatEvents[K]>): Promise<void>
  emit(type: string, fields: EventFields<ChatEvent>): Promise<void>
  emit(type: string, fields: EventFields<ChatEvent>): Promise<void> {
    void this.bot.emit(this.bot.event(type, fields))
    const done = this.idle()
    // Tests need not await it; those that do still see it reject.
    done.catch(() => {})
    return done
  }

  /**
   * Waits until the bot has nothing more to do but to wait for answers and for the clock.
   *
   * @throws MynahError `TEST_EXPECTATION` after 5 s of real time.
   */
  async idle(): Promise<void> {
    const giveUp = new AbortController()
    const late = sleep(timeoutMs, true, { signal: giveUp.signal }).catch(() => false)
    const isLate = await Promise.race([this.#settled(), late])
    giveUp.abort()
    if (isLate !== true) return
    throw new MynahError(
      'TEST_EXPECTATION',
      `${this.app.inspect.load.running} handlers were still running after ${timeoutMs} ms.${this.report()}`,
    )
  }

  async #settled(): Promise<void> {
    do {
      await this.app.idle()
      await nextTurn()
      await this.app.idle()
    } while (this.bot.sending > 0)
  }

  /** Moves the clock on and lets everything run that is due. */
  async advance(byMs: number): Promise<void> {
    await this.clock.advance(byMs)
  }

  /** Calls of methods that platforms may lack, oldest first; sending is not among them. */
  get calls(): readonly BotCall[] {
    return this.bot.calls
  }

  /**
   * Takes the first call of a method that fits and was not taken yet, whether it has been made or is still to come.
   *
   * @returns Its arguments.
   * @throws MynahError `TEST_EXPECTATION` that lists the calls there were, and what failed in plugins.
   */
  expectCall<K extends BotFeature>(
    method: K,
    accepts: (...args: CallArguments<K>) => boolean = () => true,
    { timeoutMs = 2000 }: ExpectOptions = {},
  ): Promise<CallArguments<K>> {
    return this.bot.expectCall(method, accepts, timeoutMs, () => this.report())
  }

  /** Stops the app. Calling it again waits for the first call. See {@link expectNoLeaks} for what is left. */
  async stop(): Promise<void> {
    await this.leaks()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Stops the app and tells what it left behind, a line each. */
  leaks(): Promise<readonly string[]> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<readonly string[]> {
    const scopes = Array.from(this.app.instances, ({ scope }) => scope).filter((scope) => scope !== undefined)
    const errorsBefore = this.errors.length
    const state = { isStopped: false }
    const stopping = this.app.stop().finally(() => {
      state.isStopped = true
    })
    const giveUp = new AbortController()
    await Promise.race([stopping, sleep(1000, undefined, { signal: giveUp.signal }).catch(() => {})])
    giveUp.abort()
    // What does not end by itself is given up after a time, and the clock stands still.
    for (let step = 0; !state.isStopped && step < 1000; step += 1) await this.clock.advance(1000)
    await stopping
    return findLeaks({
      app: this.app,
      scopes,
      clock: this.clock,
      detector: this.#detector,
      listeners: this.#listeners,
      errors: this.errors.slice(errorsBefore),
    })
  }

  // What people and guilds call.

  /** An id that was not used yet. */
  newId(kind: string): string {
    return this.#world.newId(kind)
  }

  /** Keeps what somebody wrote, so that the bot can look it up. */
  write(channelId: string, message: Message): void {
    this.#world.messages(channelId).push(message)
  }

  /** What a failed expectation tells: the chat, what went wrong, and what the clock would bring. */
  report(channelId?: string): string {
    const messages = channelId === undefined ? [] : this.#world.messages(channelId).slice(-reportLength)
    const chat = messages.map(({ user, content }) => `${user?.id ?? '?'}: ${describeContent(content)}`)
    const errors = this.errors.map(
      ({ plugin, where, error }) =>
        `${plugin}, ${where}: ${error instanceof Error ? error.message : String(error)}`,
    )
    const waiting = this.app.inspect.waiting.map(
      ({ plugin, services }) => `${plugin} waits for ${services.join(', ')}`,
    )
    const timers = this.clock.pending.slice(0, 3).map(({ inMs, origin }) => `in ${inMs} ms, set ${origin}`)
    return [
      section('The chat', chat),
      section('Errors', errors),
      section('Plugins that do not run', waiting),
      section('Timers that t.advance() would fire', timers),
    ].join('')
  }
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `\n${title}:${lines.map((line) => `\n  ${line}`).join('')}`
}

/**
 * Makes an app with a bot in memory: no network, no account, no waiting. Works with every test runner; what does
 * not go as expected throws a `MynahError` that tells the whole story.
 *
 * @example
 * ```ts
 * const t = createTestApp({ lacks: ['image'] }) // a platform without pictures
 * await t.plugin(greeter, { greeting: 'Hello' })
 * const alice = t.user('alice')
 * await alice.say('/greet')
 * await alice.expectReply('Hello, alice!')
 * await expectNoLeaks(t)
 * ```
 */
export function createTestApp(options: TestAppOptions = {}): TestApp {
  return new TestApp(options)
}
