import { BoundedMap } from '@mynah/core/adapter'
import type { ChatEvent } from '@mynah/core'

import type { UserApi } from './users.ts'
import { roleIdsOf } from '../decode/resources.ts'

const none: ReadonlySet<string> = new Set()

/** Events after which the bot may hold other roles. */
const changes = new Set(['guild-role-deleted', 'guild-role-updated', 'guild-member-updated', 'guild-removed'])

/** Which roles the bot holds in which guild; asked for when somebody wants to know, then kept. */
export class OwnRoles {
  readonly #api: Pick<UserApi, 'get'>
  readonly #selfId: string
  readonly #known = new BoundedMap<string, Promise<ReadonlySet<string>>>({ maxEntries: 1000 })

  /** @param api - Tells the roles. @param selfId - Id of the bot. */
  constructor(api: Pick<UserApi, 'get'>, selfId: string) {
    this.#api = api
    this.#selfId = selfId
  }

  /** Ids of the roles, as text; none when the platform does not say. */
  in(guildId: string): Promise<ReadonlySet<string>> {
    const known = this.#known.get(guildId)
    if (known !== undefined) return known
    const asked = this.#ask(guildId)
    this.#known.set(guildId, asked)
    return asked
  }

  /** Forgets what an event may have changed. */
  watch(event: ChatEvent): void {
    if (event.guild === undefined || !changes.has(event.type)) return
    if (event.type === 'guild-member-updated' && event.user?.id !== this.#selfId) return
    this.#known.delete(event.guild.id)
  }

  async #ask(guildId: string): Promise<ReadonlySet<string>> {
    try {
      return new Set(roleIdsOf(await this.#api.get(this.#selfId, guildId)))
    } catch {
      this.#known.delete(guildId)
      return none
    }
  }
}
