import { MynahError, systemClock } from '@mynah/core'
import {
  ConnectionFaults,
  EventFaults,
  isJsonObject,
  type JsonObject,
  LoopbackServer,
  OnlineWatch,
  Plan,
  Timers,
} from '@mynah/emulator-kit'

import type { KookCall } from './calls/call.ts'
import type { Platform } from './calls/endpoint.ts'
import { impossible } from './calls/refusal.ts'
import { endpoints } from './endpoints/index.ts'
import { KookFaults } from './faults/faults.ts'
import type { EventFrame } from './gateway/frames.ts'
import { Gateway, type KookGatewayView } from './gateway/gateway.ts'
import type { KookOAuthScope } from './http/oauth.ts'
import { HttpApi } from './http/server.ts'
import type { KookEmulatorOptions, KookGuildOptions } from './options.ts'
import { type KookChannel, KookGuild } from './people/guild.ts'
import { KookUser } from './people/user.ts'
import { KookWebhook, type KookWebhookOptions } from './webhook/webhook.ts'
import { addRole, createGuild, enrol } from './world/guilds.ts'
import type { AssetState, TemplateState, UserState } from './world/model.ts'
import { permissionMask } from './world/permissions.ts'
import { World } from './world/world.ts'

/** Starts a KOOK platform on 127.0.0.1. */
export async function startKookEmulator(options: KookEmulatorOptions = {}): Promise<KookEmulator> {
  const emulator = new KookEmulator(options)
  await emulator.listen()
  return emulator
}

const defaultToken = '1/MTAwMDA=/kO0k+EmUlAtOr/tOkEn0123456789=='

/** A running platform; made by {@link startKookEmulator}. */
export class KookEmulator implements AsyncDisposable {
  /** The bot's token. */
  readonly token: string
  /** The WebSocket side: who is connected, and what clients did. */
  readonly gateway: KookGatewayView
  /** The webhook side; it delivers after {@link useWebhook}. */
  readonly webhook: KookWebhook
  /** What goes wrong on purpose. */
  readonly faults: KookFaults
  readonly #server: LoopbackServer
  readonly #gateway: Gateway
  readonly #world: World
  readonly #api: HttpApi
  readonly #timers: Timers
  readonly #online: OnlineWatch
  readonly #port: number
  readonly #users = new Map<string, KookUser>()
  #mode: 'gateway' | 'webhook' = 'gateway'
  #closing: Promise<void> | undefined

  constructor(options: KookEmulatorOptions) {
    const { clock = systemClock, intent = -1, port = 0, assetBaseUrl } = options
    this.#port = port
    this.#timers = new Timers(clock)
    this.token = options.token ?? defaultToken
    this.#online = new OnlineWatch(
      () => this.#mode === 'webhook' || this.gateway.isOnline,
      () => `${this.gateway.connectionCount} connections are open.`,
    )
    const connections = new ConnectionFaults<number>()
    const events = new EventFaults<EventFrame>(this.#timers)
    const reconnectsAfterResume = new Plan<true>()
    this.gateway = this.#gateway = new Gateway({
      clock,
      timers: this.#timers,
      origin: () => this.origin.replace('http', 'ws'),
      frameExtra: {
        verifyToken: 'verify-token-secret',
        encryptKey: 'encrypt-key-secret',
        callbackUrl: '',
        intent,
      },
      connections,
      reconnectsAfterResume,
      events,
      options: options.gateway ?? {},
      onlineChanged: () => this.#online.changed(),
    })
    this.webhook = new KookWebhook(this.#timers, events)
    this.#world = new World({
      clock,
      botName: options.botName ?? 'mynah',
      assetBaseUrl: () => assetBaseUrl ?? this.origin,
      allowExternalMedia: options.allowExternalMedia ?? false,
    })
    this.#world.deliver = (data) => this.push(data)
    this.#api = new HttpApi({
      token: this.token,
      clock,
      timers: this.#timers,
      world: this.#world,
      platform: this.#platform(intent),
      endpoints,
      rateLimits: options.rateLimits ?? {},
    })
    this.faults = new KookFaults({
      calls: this.#api.faults,
      events,
      connections,
      drop: (code, reason) => this.#gateway.drop(code, reason),
      gateway: this.#gateway,
      reconnectsAfterResume,
      token: this.token,
      expiredTokens: this.#api.expiredTokens,
    })
    this.#server = new LoopbackServer({
      request: (request, response) => this.#api.handle(request, response),
      upgrade: (request, socket, head) => this.#gateway.upgrade(request, socket, head),
    })
  }

  /** Opens the port; {@link startKookEmulator} does it for you. */
  async listen(): Promise<void> {
    await this.#server.listen(this.#port)
  }

  /** `http://127.0.0.1:<port>` */
  get origin(): string {
    return `http://127.0.0.1:${this.#server.port}`
  }

  /** What a client takes as the base of its calls: `<origin>/api/v3`. */
  get baseUrl(): string {
    return `${this.origin}/api/v3`
  }

  // ---- the world

  /** The bot's own account. */
  get bot(): { id: string; username: string; mention: string; clientId: string; clientSecret: string } {
    const { id, username } = this.#world.bot
    return {
      id,
      username,
      mention: `(met)${id}(met)`,
      clientId: this.#world.profile.clientId,
      clientSecret: this.#api.oauth.clientSecret,
    }
  }

  /** The bot as somebody permissions can be given to. */
  get botUser(): KookUser {
    return new KookUser(this.#world, this.#world.bot)
  }

  /** A new person. `bot: true` makes a bot, which bots are expected to ignore. */
  user(user: Partial<Omit<UserState, 'system' | 'blocksBot'>> & { username: string }): KookUser {
    const actor = new KookUser(this.#world, this.#world.addUser(user))
    this.#users.set(actor.id, actor)
    return actor
  }

  /** A new guild as it stood before the bot looked: no event tells of its making. */
  guild(options: KookGuildOptions = {}): KookGuild {
    const owner = options.owner ?? options.members?.[0] ?? this.user({ username: 'owner' })
    const ownerState = this.#world.users.get(owner.id)
    if (ownerState === undefined) throw new MynahError('TEST_EXPECTATION', 'The owner is of another emulator')
    const state = createGuild(this.#world, {
      id: options.id,
      name: options.name ?? 'Guild',
      owner: ownerState,
    })
    for (const { id } of options.members ?? []) if (!state.members.has(id)) enrol(this.#world, state, id)
    const guild = new KookGuild(this.#world, state)
    for (const name of options.channels ?? ['lobby']) guild.textChannel(name)
    if (options.bot !== false) {
      const role = addRole(this.#world, state, {
        name: this.#world.bot.username,
        permissions: permissionMask(options.botPermissions ?? ['administrator']),
      })
      enrol(this.#world, state, this.#world.bot.id).roles.add(role.id)
    }
    return guild
  }

  /** The upload behind a URL. */
  asset(url: string): Readonly<AssetState> | undefined {
    return this.#world.assets.get(url)
  }

  /** A message template, as made in the developer console; returns its id. */
  template(template: Omit<TemplateState, 'id'>): string {
    const id = String(this.#world.ids.integer())
    this.#world.templates.set(id, { ...template, id })
    return id
  }

  /** A message pipe into a channel; returns its access token. */
  pipe(channel: KookChannel, templateId?: string): string {
    const accessToken = this.#world.ids.hex(16)
    this.#world.pipes.set(accessToken, { accessToken, channelId: channel.id, templateId })
    return accessToken
  }

  /** A person lets the bot's application act for them; returns the code of the redirect. */
  authorize(user: KookUser, scopes: readonly KookOAuthScope[], redirectUri: string): string {
    return this.#api.oauth.authorize({ userId: user.id, scopes, redirectUri })
  }

  // ---- events

  /**
   * Sends an event to the bot as it is: either the `d` of an event, or a whole frame, whose `d` is taken.
   * Numbers are given by the emulator, so that the bot's own counting stays right.
   */
  push(event: JsonObject): void {
    const data = isJsonObject(event.d) ? event.d : event
    if (this.#mode === 'webhook') this.webhook.deliver(data)
    else this.#gateway.deliver(data)
  }

  /**
   * Resolves as soon as the bot gets events: greeted at the gateway, or its webhook challenged.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when it takes longer.
   */
  online(timeoutMs?: number): Promise<void> {
    return this.#online.wait(timeoutMs)
  }

  /**
   * Switches the bot from the gateway to a webhook, as in the developer console: the challenge is sent, and
   * from then on events are pushed.
   *
   * @throws MynahError `TEST_EXPECTATION` when the challenge is not answered.
   */
  async useWebhook(options: KookWebhookOptions): Promise<void> {
    this.#mode = 'webhook'
    this.#gateway.evict()
    this.webhook.configure(options)
    await this.webhook.challenge()
  }

  // ---- calls

  /** Every call so far, failed ones included. */
  get calls(): readonly KookCall[] {
    return this.#api.calls.all
  }

  /**
   * Waits for a call that was not expected before.
   *
   * @param route - `POST /message/create`, or only the path.
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` with the calls there were when it does not come in time, or for a route that
   *   does not exist.
   */
  expectCall(route: string, accepts?: (call: KookCall) => boolean, timeoutMs?: number): Promise<KookCall> {
    return this.#api.calls.expect(route, accepts, timeoutMs)
  }

  // ---- the end

  /** Stops everything; no socket and no timer stays behind. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#timers.close()
    await Promise.all([this.#gateway.close(), this.webhook.close()])
    await this.#server.close()
  }

  #platform(intent: number): Platform {
    const isWebhook = (): boolean => this.#mode === 'webhook'
    return {
      intent,
      gatewayUrl: (compress) => {
        if (isWebhook()) throw impossible('the bot is in webhook mode')
        return this.#gateway.issueUrl(compress)
      },
      isOnline: () => (isWebhook() ? this.webhook.isOnline : this.gateway.isOnline),
      get kind() {
        return isWebhook() ? 'Webhook' : 'Websocket'
      },
      goOffline: () => {
        if (isWebhook()) this.webhook.goOffline()
        else this.#gateway.evict()
      },
      goOnline: async () => {
        if (!isWebhook()) return
        await this.webhook.challenge().catch(() => {
          throw impossible('the webhook did not answer the challenge')
        })
      },
    }
  }
}
