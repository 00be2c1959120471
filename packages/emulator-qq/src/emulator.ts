import { systemClock, type QQClock } from './world/clock.ts'
import { adopt } from './world/adopt.ts'
import type { QQAudit } from './world/audits.ts'
import { Calls, type QQCall } from './calls/call.ts'
import { Delivery } from './faults/delivery.ts'
import { QQFaults } from './faults/faults.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import { Gateway, type QQGatewayView } from './gateway/gateway.ts'
import { createGuild, type QQGuildOptions } from './world/guilds.ts'
import { HttpServer } from './http/server.ts'
import { Ids } from './world/ids.ts'
import { allIntents } from './gateway/intents.ts'
import { Limits } from './world/limits.ts'
import { Media } from './world/media.ts'
import type { QQBotMessage, QQTargetKind } from './world/message.ts'
import { createGroup, QQGroup, type QQGroupOptions } from './people/group.ts'
import { QQGuild } from './people/guild.ts'
import { QQUser, type QQUserOptions } from './people/user.ts'
import { Platform, type QQBotState, type QQEnvelope, type QQGrants } from './world/platform.ts'
import { allEndpoints } from './endpoints/index.ts'
import { Router } from './http/router.ts'
import { SignatureKey } from './webhook/signature.ts'
import { Tokens } from './world/tokens.ts'
import { Webhook, type QQWebhookView } from './webhook/webhook.ts'

/** What the emulated platform is like. */
export interface QQEmulatorOptions {
  /** The AppID of the bot. */
  appId: string
  /** The AppSecret of the bot: for tokens and for webhook signatures. */
  secret: string
  /** The TCP port on 127.0.0.1. @defaultValue a free one */
  port?: number
  /** The bot's guild-side id, which READY and mentions show. @defaultValue a made-up one */
  botId?: string
  /** @defaultValue `demo-bot` */
  botName?: string
  /** @defaultValue the machine's clock */
  clock?: QQClock
  /** Life of an access token in seconds. @defaultValue 7200 */
  tokenLifeSeconds?: number
  /** The `Token` credential; given, the deprecated `Bot {appid}.{token}` form works too. */
  legacyToken?: string
  /** What the bot was granted. @defaultValue everything */
  grants?: Partial<QQGrants>
  /** In ms. @defaultValue 45000 */
  heartbeatIntervalMs?: number
  /** How long a session can be resumed after its socket closed, in ms. @defaultValue 300000 */
  resumeWindowMs?: number
  /** Gateway sessions that may start per 24 hours. @defaultValue 1000 */
  sessionStarts?: number
  /** Identifies per 5 seconds that `/gateway/bot` announces. @defaultValue 1 */
  maxConcurrency?: number
  /** Whether faster Identifies are closed with 4008. @defaultValue false */
  enforceConcurrency?: boolean
  /** Guilds one shard can carry. @defaultValue 2500 */
  guildsPerShard?: number
  /** Whether this is the sandbox. @defaultValue false */
  sandbox?: boolean
  /** Answers per message or event, by kind of place. @defaultValue 4 in C2C, 5 in groups, no limit elsewhere */
  replyBudgets?: Partial<Record<QQTargetKind, number>>
  /** Whether rates and quotas are enforced. @defaultValue true */
  rateLimits?: boolean
  /** Hosts that may stand in texts, as registered in the console. @defaultValue none */
  allowedHosts?: readonly string[]
  /** Life of a `file_info` in seconds, 0 for ever. @defaultValue 3600 */
  mediaTtlSeconds?: number
  /** The number of the first part of a chunked upload; deployed servers differ. @defaultValue 0 */
  firstPartIndex?: 0 | 1
  /** How long a webhook may take to answer, in ms by `clock`. @defaultValue 3000 */
  webhookTimeoutMs?: number
}

/** Where a client finds the emulator. */
export interface QQBaseUrls {
  /** The whole address of the token request. */
  readonly token: string
  /** The OpenAPI, without a slash at the end. */
  readonly api: string
  /** What `GET /gateway` answers. */
  readonly gateway: string
}

/**
 * Starts a QQ official bot platform on a loopback port.
 *
 * @see {@link QQEmulator} for what it can do.
 */
export async function startQQEmulator(options: QQEmulatorOptions): Promise<QQEmulator> {
  const emulator = new QQEmulator(options)
  await emulator.listen()
  return emulator
}

/** A QQ official bot platform with one bot registered: token, OpenAPI, gateway, webhook, and the people. */
export class QQEmulator implements AsyncDisposable {
  /** Things that go wrong, on demand. */
  readonly faults: QQFaults
  /** The callback address and its pushes. */
  readonly webhook: QQWebhookView
  /** The gateway: who is online, what was tried. */
  readonly gateway: QQGatewayView
  readonly #gateway: Gateway
  readonly #webhook: Webhook
  readonly #delivery: Delivery
  readonly #platform: Platform
  readonly #calls: Calls
  readonly #http: HttpServer
  #port: number
  #closing: Promise<void> | undefined

  constructor(options: QQEmulatorOptions) {
    const { appId, secret, clock = systemClock, port = 0 } = options
    this.#port = port
    const ids = new Ids(appId)
    const lifetimeMs = (options.tokenLifeSeconds ?? 7200) * 1000
    const tokens = new Tokens({ appId, clock, ids, lifetimeMs, legacyToken: options.legacyToken })
    this.#platform = new Platform({
      appId,
      clock,
      ids,
      tokens,
      limits: new Limits(clock, options.rateLimits ?? true),
      grants: { ...everything(), ...options.grants },
      budgets: { c2c: 4, group: 5, ...options.replyBudgets },
      allowedHosts: options.allowedHosts ?? [],
      botId: options.botId,
      botName: options.botName ?? 'demo-bot',
    })
    const gateway = new Gateway(this.#platform, {
      heartbeatIntervalMs: options.heartbeatIntervalMs ?? 45_000,
      resumeWindowMs: options.resumeWindowMs ?? 300_000,
      sessionStarts: options.sessionStarts ?? 1000,
      maxConcurrency: options.maxConcurrency ?? 1,
      enforceConcurrency: options.enforceConcurrency ?? false,
      guildsPerShard: options.guildsPerShard ?? 2500,
      sandbox: options.sandbox ?? false,
    })
    const router = new Router(
      allEndpoints({
        platform: this.#platform,
        gateway,
        media: new Media(clock, ids, options.mediaTtlSeconds ?? 3600),
        secret,
        baseUrls: () => this.baseUrls,
        firstPartIndex: options.firstPartIndex ?? 0,
      }),
    )
    const webhook = new Webhook(this.#platform, new SignatureKey(secret), options.webhookTimeoutMs ?? 3000)
    this.#delivery = new Delivery(clock, gateway, webhook)
    this.faults = new QQFaults({
      gateway,
      webhook,
      delivery: this.#delivery,
      tokens,
      router,
    })
    this.gateway = this.#gateway = gateway
    this.webhook = this.#webhook = webhook
    this.#calls = new Calls(router)
    this.#http = new HttpServer({
      platform: this.#platform,
      router,
      calls: this.#calls,
      faults: this.faults,
      upgrade: (request, socket, head) => gateway.upgrade(request, socket, head),
    })
    this.#platform.deliver = (envelope) => this.#delivery.send(envelope)
    this.#platform.isConnected = () => webhook.url !== undefined || gateway.isOnline
  }

  /** Opens the port; {@link startQQEmulator} does it for you. */
  async listen(): Promise<void> {
    this.#port = await this.#http.listen(this.#port)
  }

  get baseUrls(): QQBaseUrls {
    const host = `127.0.0.1:${this.#port}`
    return {
      token: `http://${host}/app/getAppAccessToken`,
      api: `http://${host}`,
      gateway: `ws://${host}/websocket/`,
    }
  }

  /** What the bot may do; assign to take rights away. */
  get grants(): QQGrants {
    return this.#platform.grants
  }

  /** The bot's own ids and name. */
  get bot(): { readonly id: string; readonly name: string } {
    return { id: this.#platform.bot.id, name: this.#platform.bot.username }
  }

  /** Takes the bot offline, bans or deletes it, or puts it back; open sockets feel it at the next login. */
  setBotState(state: QQBotState): void {
    this.#platform.botState = state
  }

  /** Creates a user, or finds the one with the given openid. */
  user(options: QQUserOptions = {}): QQUser {
    const { name = 'user', friend = true, openid } = options
    const known = openid === undefined ? undefined : this.#platform.world.userByOpenid(openid)
    if (known !== undefined) return new QQUser(this.#platform, known)
    const state = this.#platform.createUser(name, openid === undefined ? {} : { openid })
    state.friend = friend
    return new QQUser(this.#platform, state)
  }

  /** Creates a group chat, or finds the one with the given openid. */
  group(options: QQGroupOptions = {}): QQGroup {
    const known = this.#platform.world.groups.get(options.openid ?? '')
    return new QQGroup(this.#platform, known ?? createGroup(this.#platform, options))
  }

  /** Creates a guild, or finds the one with the given id. */
  guild(options: QQGuildOptions = {}): QQGuild {
    const known = this.#platform.world.guilds.get(options.id ?? '')
    return new QQGuild(this.#platform, known ?? createGuild(this.#platform, options))
  }

  /**
   * Sends any event. The people and places it names become part of the world, so that the bot can answer;
   * nothing else changes: a raw GROUP_DEL_ROBOT leaves the bot in the group.
   *
   * @param id - The outer id. @defaultValue a new one
   */
  dispatch(t: string, d: JsonObject | string, id?: string): QQEnvelope {
    adopt(this.#platform, t, d)
    return this.#platform.dispatch(t, d, id)
  }

  /** Every call so far, oldest first. */
  get calls(): readonly QQCall[] {
    return this.#calls.all
  }

  /**
   * Takes the next call of an endpoint, whether it came already or is still to come.
   *
   * @param route - `METHOD /path/{placeholder}` as in the official docs, or `*`.
   * @throws MynahError `TEST_EXPECTATION` when none fits in time, or for a route that does not exist.
   */
  expectCall(
    route: string,
    accepts: (call: QQCall) => boolean = () => true,
    timeoutMs?: number,
  ): Promise<QQCall> {
    return this.#calls.take(route, accepts, timeoutMs)
  }

  /** Every message of the bot so far, oldest first. */
  get messages(): readonly QQBotMessage[] {
    return this.#platform.outbox.all
  }

  /** Sends the next messages of the bot to the audit instead of their recipients. */
  holdForAudit(times = 1): void {
    this.#platform.audits.hold(times)
  }

  /** Takes the next message that waits for audit. */
  nextAudit(): Promise<QQAudit> {
    return this.#platform.audits.next()
  }

  /** Forgets calls and messages, for long runs. */
  clearRecords(): void {
    this.#calls.clear()
    this.#platform.outbox.forget()
  }

  /** Ends all connections and frees the port. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown()
    return this.#closing
  }

  async #shutDown(): Promise<void> {
    this.#delivery.close()
    await this.#webhook.close()
    await this.#gateway.close()
    await this.#http.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

const everything = (): QQGrants => ({
  intents: allIntents,
  privateDomain: true,
  guildAdmin: true,
  groupAdmin: true,
  allowlisted: true,
  certified: true,
  audio: true,
  ark: true,
  guildMarkdown: true,
})
