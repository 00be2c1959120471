import type { Bot } from '../bot/bot.ts'
import type { Check } from '../filter/combine.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import { Lists } from '../shared/list.ts'
import { MemberLookup } from './member-lookup.ts'

/** What a permission may ask for besides the event. */
export interface PermissionContext {
  /** The account that saw the event; ask it for what the event does not tell, such as roles. */
  readonly bot: Bot
  /** Who has which right. */
  readonly permissions: PermissionTable
}

/**
 * Says whether the person behind an event may do something. Every {@link Filter} is one. What throws or rejects
 * refuses.
 */
export type Permission = Check<PermissionContext>

/** Who may do what in an app. Nobody has a right that was not given. */
export class PermissionTable {
  /** Asks for what events do not tell. */
  readonly members: MemberLookup
  #superusers: ReadonlySet<string> = new Set()
  #rights: ReadonlyMap<string, Permission> = new Map()
  readonly #granted = new Lists<Permission>()

  constructor(clock: Clock) {
    this.members = new MemberLookup(clock)
  }

  /**
   * Sets what the config gives.
   *
   * @param superusers - People who run the bot, as `platform:user`.
   * @param rights - Who has which right.
   */
  configure(superusers: readonly string[], rights: ReadonlyMap<string, Permission>): void {
    this.#superusers = new Set(superusers)
    this.#rights = rights
  }

  /** Whether the person behind an event runs this bot. */
  isSuperuser({ platform, user }: ChatEvent): boolean {
    return user !== undefined && this.#superusers.size > 0 && this.#superusers.has(`${platform}:${user.id}`)
  }

  /** Gives a right to those whom a permission allows. @returns Takes it back. */
  grant(right: string, permission: Permission): () => void {
    return this.#granted.add(right, permission)
  }

  /** Whether the person behind an event has a right: superusers have all, others by config or by a plugin. */
  async hasRight(name: string, event: ChatEvent, bot: Bot): Promise<boolean> {
    if (this.isSuperuser(event)) return true
    for (const key of namesAbove(name)) {
      const byConfig = this.#rights.get(key)
      const permissions = [...(byConfig === undefined ? [] : [byConfig]), ...this.#granted.of(key)]
      for (const permission of permissions) {
        if (await permission(event, { bot, permissions: this })) return true
      }
    }
    return false
  }

  /** Asks a permission; a promise only where the permission answers with one. */
  check(permission: Permission, event: ChatEvent, bot: Bot): boolean | Promise<boolean> {
    return permission(event, { bot, permissions: this })
  }
}

/** `music.skip`, `music.*`, `*`: the names under which a right may have been given. */
function* namesAbove(name: string): Generator<string> {
  yield name
  for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
    yield `${name.slice(0, end)}.*`
  }
  yield '*'
}
