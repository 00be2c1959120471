import type { ChatEvent } from '@mynah/core'
import { Remembered } from '@mynah/core/adapter'

import { roleIdsOf } from '../decode/resources.ts'
import type { UserApi } from './users.ts'

const none: ReadonlySet<string> = new Set()

/** Events after which the bot may hold other roles. */
const changes = new Set(['guild-role-deleted', 'guild-role-updated', 'guild-member-updated', 'guild-removed'])

/** Which roles the bot holds in which guild; asked for when somebody wants to know, then kept. */
export class OwnRoles {
  readonly #api: Pick<UserApi, 'get'>
  readonly #selfId: string
  readonly #roles = new Remembered<ReadonlySet<string>>({ maxEntries: 1000 })

  /** @param api - Tells the roles. @param selfId - Id of the bot. */
  constructor(api: Pick<UserApi, 'get'>, selfId: string) {
    this.#api = api
    this.#selfId = selfId
  }

  /** Ids of the roles, as text; none when the platform does not say. */
  in(guildId: string): Promise<ReadonlySet<string>> {
    const ask = async (): Promise<ReadonlySet<string>> =>
      new Set(roleIdsOf(await this.#api.get(this.#selfId, guildId)))
    return this.#roles.of(guildId, ask).catch(() => none)
  }

  /** Forgets what an event may have changed. */
  watch({ type, guild, user }: ChatEvent): void {
    if (guild === undefined || !changes.has(type)) return
    if (type === 'guild-member-updated' && user?.id !== this.#selfId) return
    this.#roles.forget(guild.id)
  }

  /** Events were missed. */
  forget(): void {
    this.#roles.forget()
  }
}
