import type { Bot } from '../bot/bot.ts'
import type { Dispose, Scope } from '../lifecycle/scope.ts'
import type { ChatEvent } from '../model/event.ts'
import type { Permission, PermissionTable } from './permission.ts'
import { right } from './predicates.ts'

/** Whose permission is asked for: a session, or an event with the bot that saw it. */
export interface PermissionSubject {
  /** What the person did. */
  readonly event: ChatEvent
  /** The account that saw it. */
  readonly bot: Bot
}

/** What a plugin can do with permissions. */
export class PermissionAccess {
  readonly #scope: Scope
  readonly #table: PermissionTable

  constructor(scope: Scope, table: PermissionTable) {
    this.#scope = scope
    this.#table = table
  }

  /**
   * Whether the person behind an event may do something; for middleware, listeners and parts of commands. A
   * permission that fails refuses and is reported in the name of the plugin. Never rejects.
   *
   * @param permission - A permission, or the name of a right.
   */
  async check({ event, bot }: PermissionSubject, permission: Permission | string): Promise<boolean> {
    const asked = typeof permission === 'string' ? right(permission) : permission
    try {
      return await this.#table.check(asked, event, bot)
    } catch (error) {
      this.#scope.fail(error, 'a permission')
      return false
    }
  }

  /**
   * Gives a right to those whom a permission allows, besides those who have it by config.
   *
   * @returns Takes it back.
   */
  grant(name: string, permission: Permission): Dispose {
    return this.#scope.own('permission', name, this.#table.grant(name, permission))
  }
}
