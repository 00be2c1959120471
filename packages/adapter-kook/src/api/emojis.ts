import { defined } from '@mynah/adapter-kit'
import { MynahError } from '@mynah/core'

import type { PagedList } from '../http.ts'
import type { GuildEmoji } from '../wire/objects.ts'
import { Resource } from './resource.ts'

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
  list(guildId: string): PagedList<GuildEmoji> {
    return this.http.pages('/guild-emoji/list', { guild_id: guildId })
  }

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
  update(emojiId: string, name: string): Promise<void> {
    return this.http.post('/guild-emoji/update', { id: emojiId, name })
  }

  /** Deletes an emoji. `POST guild-emoji/delete` */
  delete(emojiId: string): Promise<void> {
    return this.http.post('/guild-emoji/delete', { id: emojiId })
  }
}
