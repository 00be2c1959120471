import type { Call } from '@mynah/adapter-kit'
import { defined } from '@mynah/adapter-kit'
import { MynahError } from '@mynah/core'

import type { GuildEmoji } from '../wire/objects.ts'
import { type Listing, Resource } from './resource.ts'

const maxEmojiBytes = 256 * 1024
const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function checkEmoji(bytes: Uint8Array): void {
  if (!pngStart.equals(bytes.subarray(0, pngStart.length))) {
    throw new MynahError('MEDIA_REFUSED', 'An emoji has to be a PNG picture; convert it first.')
  }
  if (bytes.length > maxEmojiBytes) {
    throw new MynahError('MEDIA_REFUSED', `The emoji has ${bytes.length} bytes; KOOK takes ${maxEmojiBytes}.`)
  }
}

/** Emojis of guilds. @see https://developer.kookapp.cn/doc/http/guild-emoji */
export class EmojiApi extends Resource {
  /** Emojis of a guild. `GET guild-emoji/list` */
  readonly list: Listing<[guildId: string], GuildEmoji> = this.lists('/guild-emoji/list(guild_id)')

  /**
   * Adds an emoji: a PNG of at most 256 KB; the name has 2 to 32 characters. `POST guild-emoji/create`
   *
   * @throws MynahError `MEDIA_REFUSED` before anything is sent when it is no such picture.
   */
  async create(guildId: string, png: Uint8Array, name?: string): Promise<GuildEmoji> {
    checkEmoji(png)
    return this.http.upload('/guild-emoji/create', {
      guild_id: guildId,
      ...defined({ name }),
      emoji: { bytes: png, name: 'emoji.png', mime: 'image/png' },
    })
  }

  /** Renames an emoji. `POST guild-emoji/update` */
  readonly update: Call<[emojiId: string, name: string]> = this.does('/guild-emoji/update(id, name)')

  /** Deletes an emoji. `POST guild-emoji/delete` */
  readonly delete: Call<[emojiId: string]> = this.does('/guild-emoji/delete(id)')
}
