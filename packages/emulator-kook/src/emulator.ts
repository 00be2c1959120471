import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MynahError } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'
import { type KookChannel, KookGuild } from './people/guild.ts'
import { KookUser } from './people/user.ts'
import { systemClock, Timers, type KookClock } from './world/clock.ts'
import { KookGatewayFaults } from './faults/gateway-faults.ts'
import { GatewayLog } from './gateway/activity-log.ts'
import { GatewayServer, type KookGatewayOptions } from './gateway/server.ts'
import { KookGateway } from './gateway/gateway.ts'
import { KookWebhook, type KookWebhookOptions } from './webhook/webhook.ts'
import { endpoints } from './endpoints/index.ts'
import type { Platform } from './calls/endpoint.ts'
import type { KookCall } from './calls/call.ts'
import type { KookHttpFault } from './faults/http-faults.ts'
import type { KookOAuthScope } from './http/oauth.ts'
import type { KookRateLimits } from './http/rate-limits.ts'
import { HttpApi } from './http/server.ts'
import { isJsonObject, type JsonObject } from '@mynah/emulator-kit'
import { impossible } from './calls/refusal.ts'
import { addRole, createGuild, enrol } from './world/guilds.ts'
import type { AssetState, TemplateState, UserState } from './world/model.ts'
import { permissionMask, type KookPermission } from './world/permissions.ts'
import { World } from './world/world.ts'

/** Settings of the emulator. */
export interface KookEmulatorOptions {
  /** The bot's token. @defaultValue one with the characters real tokens have: `/`, `+` and `=` */
  token?: string
  /** The TCP port on 127.0.0.1. @defaultValue a free one */
  port?: number
  /** @defaultValue 'mynah' */
  botName?: string
  /** Time stamps, rate limits, expiries and retries follow it. @defaultValue the machine's time */
  clock?: KookClock
  rateLimits?: KookRateLimits
  gateway?: KookGatewayOptions
  /** What `user/me` shows as the bot's intent mask. @defaultValue -1, everything */
  intent?: number
  /** Where uploads appear to live. @defaultValue the emulator itself, which serves them */
  assetBaseUrl?: string
  /** Whether cards may show pictures and files that were never uploaded. @defaultValue false */
  allowExternalMedia?: boolean
}

/** How a new guild looks. */
export interface KookGuildOptions {
  id?: string
  /** @defaultValue 'Guild' */
  name?: string
  /** @defaultValue the first member, or somebody new */
  owner?: KookUser
  members?: readonly KookUser[]
  /** Names of text channels, made in this order. @defaultValue ['lobby'] */
  channels?: readonly string[]
  /** What the bot's own role allows. @defaultValue ['administrator'] */
  botPermissions?: readonly KookPermission[]
  /** Whether the bot is a member from the start. @defaultValue true */
  bot?: boolean
}

/** Starts a KOOK platform on 127.0.0.1. */
export async function startKookEmulator(options: KookEmulatorOptions = {}): Promise<KookEmulator> {
  const server = createServer()
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  return new KookEmulator(server, options)
}

const defaultToken = '1/MTAwMDA=/kO0k+EmUlAtOr/tOkEn0123456789=='

/** A running platform; made by {@link startKookEmulator}. */
export class KookEmulator implements AsyncDisposable {
  /** The bot's token. */
  readonly token: string
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  /** What a client takes as the base of its calls: `<origin>/api/v3`. */
  readonly baseUrl: string
  /** The WebSocket side: who is connected, and what goes wrong there. */
  readonly gateway: KookGateway
  /** The webhook side; it delivers after {@link useWebhook}. */
  readonly webhook: KookWebhook
  readonly #server: Server
  readonly #gatewayServer: GatewayServer
  readonly #world: World
  readonly #api: HttpApi
  readonly #timers: Timers
  readonly #users = new Map<string, KookUser>()
  #mode: 'gateway' | 'webhook' = 'gateway'
  #closing: Promise<void> | undefined

  constructor(server: Server, options: KookEmulatorOptions) {
    const clock = options.clock ?? systemClock
    this.#server = server
    this.#timers = new Timers(clock)
    this.token = options.token ?? defaultToken
    const { port } = addressOf(server)
    this.origin = `http://127.0.0.1:${port}`
    this.baseUrl = `${this.origin}/api/v3`
    const faults = new KookGatewayFaults()
    const log = new GatewayLog()
    this.#gatewayServer = new GatewayServer({
      clock,
      origin: `ws://127.0.0.1:${port}`,
      frameExtra: {
        verifyToken: 'verify-token-secret',
        encryptKey: 'encrypt-key-secret',
        callbackUrl: '',
        intent: options.intent ?? -1,
      },
      faults,
      log,
      options: options.gateway ?? {},
    })
    this.gateway = new KookGateway(this.#gatewayServer, faults, log)
    this.webhook = new KookWebhook(clock)
    this.#world = new World({
      clock,
      botName: options.botName ?? 'mynah',
      assetBaseUrl: options.assetBaseUrl ?? this.origin,
      allowExternalMedia: options.allowExternalMedia ?? false,
    })
    this.#world.deliver = (data) => this.push(data)
    this.#api = new HttpApi({
      token: this.token,
      clock,
      timers: this.#timers,
      world: this.#world,
      platform: this.#platform(options.intent ?? -1),
      endpoints,
      rateLimits: options.rateLimits ?? {},
    })
    server.on('request', (request, response) => void this.#api.handle(request, response))
    server.on('upgrade', (request, socket, head) => this.#gatewayServer.upgrade(request, socket, head))
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
    else this.#gatewayServer.deliver(data)
  }

  /** Resolves as soon as the bot gets events: greeted at the gateway, or its webhook challenged. */
  ready(): Promise<void> {
    return this.#mode === 'webhook' ? Promise.resolve() : this.gateway.ready()
  }

  /**
   * Switches the bot from the gateway to a webhook, as in the developer console: the challenge is sent, and
   * from then on events are pushed.
   *
   * @throws MynahError `TEST_EXPECTATION` when the challenge is not answered.
   */
  async useWebhook(options: KookWebhookOptions): Promise<void> {
    this.#mode = 'webhook'
    this.#gatewayServer.evict()
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
   * @throws MynahError `TEST_EXPECTATION` with the calls there were when it does not come in time.
   */
  expectCall(
    route: string,
    accepts: (call: KookCall) => boolean = () => true,
    timeoutMs = 5000,
  ): Promise<KookCall> {
    return this.#api.calls.expect(route, accepts, timeoutMs)
  }

  /**
   * Makes the next calls of a route go wrong.
   *
   * @param route - `POST /message/create`, only the path, or `*`.
   * @param times - How many calls. @defaultValue 1
   */
  fail(route: string, fault: KookHttpFault, times = 1): void {
    this.#api.faults.plan(route, fault, times)
  }

  /** The token is refused from now on with 40103. */
  expireToken(): void {
    this.#api.expiredTokens.add(this.token)
  }

  /** Ends every planned trouble. */
  calm(): void {
    this.#api.faults.clear()
    this.gateway.faults.clear()
    this.#api.expiredTokens.clear()
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
    const { promise, resolve } = deferred()
    this.#server.close(() => resolve())
    await Promise.all([this.#gatewayServer.close(), this.webhook.close()])
    this.#server.closeAllConnections()
    await promise
  }

  #platform(intent: number): Platform {
    const isWebhook = (): boolean => this.#mode === 'webhook'
    return {
      intent,
      gatewayUrl: (compress) => {
        if (isWebhook()) throw impossible('the bot is in webhook mode')
        return this.#gatewayServer.issueUrl(compress)
      },
      isOnline: () => (isWebhook() ? this.webhook.isOnline : this.gateway.isConnected),
      get kind() {
        return isWebhook() ? 'Webhook' : 'Websocket'
      },
      goOffline: () => {
        if (isWebhook()) this.webhook.goOffline()
        else this.#gatewayServer.evict()
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

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen')
  return address
}
