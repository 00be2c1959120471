import { Mailbox } from '@mynah/core/testing'
import { Audits } from './audits.ts'
import type { Clock } from '@mynah/core'
import { rfc3339 } from './time.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { Ids } from './ids.ts'
import { Interactions } from './interactions.ts'
import type { Limits } from './limits.ts'
import { describeMessage, type QQTargetKind } from './message.ts'
import { Outbox } from './outbox.ts'
import { ReplySources } from './reply-sources.ts'
import type { Tokens } from './tokens.ts'
import { newInbox, World, type UserState } from './world.ts'

/** What the bot applied for and was granted; change it at any time to take a right away. */
export interface QQGrants {
  /** Intents the gateway accepts. @defaultValue every documented intent */
  intents: number
  /** Whether it is a private-domain (私域) bot. */
  privateDomain: boolean
  /** Whether it administers its guilds. */
  guildAdmin: boolean
  /** Whether it administers its groups. */
  groupAdmin: boolean
  /** Whether it is allowlisted for the group information calls. */
  allowlisted: boolean
  /** Whether its owner is a certified person or company, which raises the proactive rates. */
  certified: boolean
  /** Whether it may speak in voice channels. */
  audio: boolean
  /** Whether it may send ark messages. */
  ark: boolean
  /** Whether it may send native markdown in guilds. */
  guildMarkdown: boolean
}

/** What the platform thinks of the bot. `offline` lets only the sandbox in. */
export type QQBotState = 'online' | 'offline' | 'banned' | 'missing'

/** The envelope of one event, without the `s` that each connection counts on its own. */
export interface QQEnvelope {
  /** The outer id: the same when the event is sent again. */
  readonly id: string
  /** Name of the event, such as `C2C_MESSAGE_CREATE`. */
  readonly t: string
  /** The payload, as the official docs define it for the event. */
  readonly d: unknown
}

/** What all parts of the emulated platform share. */
export interface PlatformParts {
  readonly appId: string
  readonly clock: Clock
  readonly ids: Ids
  readonly tokens: Tokens
  readonly limits: Limits
  readonly grants: QQGrants
  readonly budgets: Partial<Record<QQTargetKind, number>>
  readonly allowedHosts: readonly string[]
  readonly botId: string | undefined
  readonly botName: string
}

/** The state of the platform around one bot, and the way its events take. */
export class Platform {
  readonly appId: string
  readonly clock: Clock
  readonly ids: Ids
  readonly tokens: Tokens
  readonly limits: Limits
  readonly grants: QQGrants
  readonly allowedHosts: readonly string[]
  readonly world: World = new World()
  readonly outbox: Outbox = new Outbox(this.world)
  readonly audits: Audits = new Audits()
  readonly interactions: Interactions
  readonly sources: ReplySources
  readonly bot: UserState
  /** Messages of users by the index they are quoted with. */
  readonly quotable: Map<string, string> = new Map()
  botState: QQBotState = 'online'
  /** Set by the transports; gets every event. */
  deliver: (envelope: QQEnvelope) => void = () => {}
  /** Set by the transports; hears that the bot may be reached now. */
  onlineChanged: () => void = () => {}
  /** Set by the transports; whether the bot can be reached now. */
  isConnected: () => boolean = () => false

  constructor(parts: PlatformParts) {
    this.appId = parts.appId
    this.clock = parts.clock
    this.ids = parts.ids
    this.tokens = parts.tokens
    this.limits = parts.limits
    this.grants = parts.grants
    this.allowedHosts = parts.allowedHosts
    this.sources = new ReplySources(parts.clock, parts.budgets)
    this.interactions = new Interactions()
    const identity = parts.botId === undefined ? {} : { id: parts.botId }
    this.bot = this.createUser(parts.botName, { bot: true, ...identity })
  }

  /** The present as RFC 3339 text. */
  now(): string {
    return rfc3339(this.clock.now())
  }

  /** The present in whole Unix seconds. */
  seconds(): number {
    return Math.floor(this.clock.now() / 1000)
  }

  createUser(username: string, options: { bot?: boolean; openid?: string; id?: string } = {}): UserState {
    const { bot = false, openid, id = this.ids.snowflake() } = options
    const user: UserState = {
      id,
      openid: openid ?? this.ids.openid(),
      unionOpenid: this.ids.openid(),
      username,
      avatar: `https://example.invalid/avatar/${id}.png`,
      bot,
      friend: !bot,
      pushAllowed: true,
      lastSpokeAt: undefined,
      wakeUps: new Set(),
      inbox: newInbox(),
      typing: new Mailbox(describeMessage),
    }
    if (!bot) this.world.users.add(user)
    return user
  }

  /** Sends an event to the bot and notes what it makes answerable. */
  dispatch(t: string, d: JsonObject | string, id = `${t}:${this.ids.hex()}`): QQEnvelope {
    const envelope: QQEnvelope = { id, t, d }
    this.sources.note(t, id, d)
    this.deliver(envelope)
    return envelope
  }
}
