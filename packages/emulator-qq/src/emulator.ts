import { systemClock } from '@mynah/core'
import { ConnectionFaults, EventFaults, type JsonObject, OnlineWatch, Timers } from '@mynah/emulator-kit'

import type { QQCall } from './calls/call.ts'
import { allEndpoints } from './endpoints/index.ts'
import { QQFaults } from './faults/faults.ts'
import { Gateway, type QQGatewayView, type QQLoginRefusal } from './gateway/gateway.ts'
import { allIntents } from './gateway/intents.ts'
import { HttpServer } from './http/server.ts'
import type { QQEmulatorOptions } from './options.ts'
import { createGroup, QQGroup, type QQGroupOptions } from './people/group.ts'
import { QQGuild } from './people/guild.ts'
import { QQUser, type QQUserOptions } from './people/user.ts'
import { SignatureKey } from './webhook/signature.ts'
import { Webhook, type QQWebhookView } from './webhook/webhook.ts'
import { adopt } from './world/adopt.ts'
import type { QQAudit } from './world/audits.ts'
import { createGuild, type QQGuildOptions } from './world/guilds.ts'
import { Ids } from './world/ids.ts'
import { Limits } from './world/limits.ts'
import { Media } from './world/media.ts'
import type { QQBotMessage } from './world/message.ts'
import { Platform, type QQBotState, type QQEnvelope, type QQGrants } from './world/platform.ts'
import { Tokens } from './world/tokens.ts'

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
  readonly #platform: Platform
  readonly #timers: Timers
  readonly #online: OnlineWatch
  readonly #http: HttpServer
  readonly #port: number
  #closing: Promise<void> | undefined

  constructor(options: QQEmulatorOptions) {
    const { appId, secret, clock = systemClock, port = 0 } = options
    this.#port = port
    this.#timers = new Timers(clock)
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
    const connections = new ConnectionFaults<QQLoginRefusal>()
    const events = new EventFaults<QQEnvelope>(this.#timers)
    const gateway = new Gateway({
      platform: this.#platform,
      timers: this.#timers,
      faults: connections,
      options: {
        heartbeatIntervalMs: options.heartbeatIntervalMs ?? 45_000,
        resumeWindowMs: options.resumeWindowMs ?? 300_000,
        sessionStarts: options.sessionStarts ?? 1000,
        maxConcurrency: options.maxConcurrency ?? 1,
        enforceConcurrency: options.enforceConcurrency ?? false,
        guildsPerShard: options.guildsPerShard ?? 2500,
        sandbox: options.sandbox ?? false,
      },
    })
    const webhook = new Webhook(
      this.#platform,
      new SignatureKey(secret),
      this.#timers,
      options.webhookTimeoutMs ?? 3000,
    )
    this.#http = new HttpServer({
      platform: this.#platform,
      timers: this.#timers,
      endpoints: allEndpoints({
        platform: this.#platform,
        gateway,
        media: new Media(clock, ids, options.mediaTtlSeconds ?? 3600),
        secret,
        baseUrls: () => this.baseUrls,
        firstPartIndex: options.firstPartIndex ?? 0,
      }),
      upgrade: (request, socket, head) => gateway.upgrade(request, socket, head),
    })
    this.gateway = this.#gateway = gateway
    this.webhook = this.#webhook = webhook
    this.faults = new QQFaults({
      calls: this.#http.faults,
      events,
      connections,
      drop: (code, reason) => gateway.drop(code, reason),
      gateway,
      webhook,
      tokens,
    })
    this.#platform.deliver = (envelope) =>
      void events.pass(envelope, () => (webhook.url === undefined ? gateway : webhook).dispatch(envelope))
    this.#platform.isConnected = () => webhook.url !== undefined || gateway.isOnline
    this.#online = new OnlineWatch(
      () => this.#platform.isConnected(),
      () => `${gateway.connectionCount} sockets are open.`,
    )
    this.#platform.onlineChanged = () => this.#online.changed()
  }

  /** Opens the port; {@link startQQEmulator} does it for you. */
  async listen(): Promise<void> {
    await this.#http.listen(this.#port)
  }

  get baseUrls(): QQBaseUrls {
    const host = `127.0.0.1:${this.#http.port}`
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

  /**
   * Resolves as soon as the bot gets events: logged in at the gateway, or reached by a webhook.
   *
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when it takes longer.
   */
  online(timeoutMs?: number): Promise<void> {
    return this.#online.wait(timeoutMs)
  }

  /**
   * Saves a callback address, as in the console: checks it by op 13, then moves delivery from the gateway to it.
   *
   * @throws MynahError `TEST_EXPECTATION` saying what was wrong with the answer.
   */
  async useWebhook({ url }: { readonly url: string }): Promise<void> {
    await this.#webhook.set(url)
    this.#online.changed()
  }

  /** Takes the callback address away; the gateway is in use again. */
  useGateway(): void {
    this.#webhook.clear()
  }

  /** Every call so far, oldest first. */
  get calls(): readonly QQCall[] {
    return this.#http.calls.all
  }

  /**
   * Takes the next call of an endpoint, whether it came already or is still to come.
   *
   * @param route - `METHOD /path/{placeholder}` as in the official docs, the path alone, or `*`.
   * @param timeoutMs - How long to wait. @defaultValue 5000
   * @throws MynahError `TEST_EXPECTATION` when none fits in time, or for a route that does not exist.
   */
  expectCall(route: string, accepts?: (call: QQCall) => boolean, timeoutMs?: number): Promise<QQCall> {
    return this.#http.calls.expect(route, accepts, timeoutMs)
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
    this.#http.calls.clear()
    this.#platform.outbox.forget()
  }

  /** Ends all connections and frees the port. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown()
    return this.#closing
  }

  async #shutDown(): Promise<void> {
    this.#timers.close()
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
