import { QQApiError } from '../errors.ts'
import type { ForumThreadEvent } from '../wire/forum.ts'
import type { GuildUser } from '../wire/guild.ts'
import { Resource } from './resource.ts'

/** A face: 1 of the system with a number, 2 Unicode with its decimal code point. */
export interface ReactionEmoji {
  /** 1 a face of the system, 2 Unicode. */
  readonly type: 1 | 2
  /** Number of the face, or the decimal code point. */
  readonly id: string
}

/** One page of who reacted. */
export interface ReactionUsers {
  /** Who reacted; `null` for nobody. */
  readonly users: readonly GuildUser[] | null
  /** Where the next page begins. */
  readonly cookie: string
  /** Whether this is the last page. */
  readonly is_end: boolean
}

/** What is played; address and text only at the start. */
export interface AudioControl {
  /** Address of the sound. */
  readonly audio_url?: string
  /** What is shown while it plays. */
  readonly text?: string
  /** 0 start, 1 pause, 2 go on, 3 stop. */
  readonly status: 0 | 1 | 2 | 3
}

/** A thread of a forum. */
export type ForumThread = ForumThreadEvent

/** What a new thread is. */
export interface ThreadBody {
  /** Its title. */
  readonly title: string
  /** The text, in the form that `format` says. */
  readonly content: string
  /** 1 text, 2 HTML, 3 Markdown, 4 JSON of a RichText. */
  readonly format: 1 | 2 | 3 | 4
}

/** A direct message session. */
export interface DirectMessageSession {
  /** Not the guild where both met: messages go to `/dms/{guild_id}`. */
  readonly guild_id: string
  /** Id of the channel. */
  readonly channel_id: string
  /** When it was made. */
  readonly create_time?: string
}

const reactionPath = '/channels/{channel_id}/messages/{message_id}/reactions/{type}/{id}'

/** Reactions, sound, forums and direct message sessions. */
export class CommunityApi extends Resource {
  /** Reacts; doing it twice is no error. @see Official docs: "Reactions", add. */
  addReaction(channelId: string, messageId: string, emoji: ReactionEmoji): Promise<void> {
    return this.#react('PUT', channelId, messageId, emoji)
  }

  /** Takes the reaction back; doing it twice is no error. @see Official docs: "Reactions", delete. */
  removeReaction(channelId: string, messageId: string, emoji: ReactionEmoji): Promise<void> {
    return this.#react('DELETE', channelId, messageId, emoji)
  }

  async #react(
    method: 'PUT' | 'DELETE',
    channelId: string,
    messageId: string,
    { type, id }: ReactionEmoji,
  ): Promise<void> {
    try {
      await this.call(`${method} ${reactionPath}`, [channelId, messageId, type, id])
    } catch (error) {
      if (!(error instanceof QQApiError) || error.action !== 'done') throw error
    }
  }

  /** One page of who reacted, 20 at a time. @see Official docs: "Reactions", users. */
  reactionUsers(
    channelId: string,
    messageId: string,
    emoji: ReactionEmoji,
    cookie?: string,
  ): Promise<ReactionUsers> {
    const ids = [channelId, messageId, emoji.type, emoji.id]
    return this.call(`GET ${reactionPath}`, ids, { query: { cookie, limit: 20 } })
  }

  /** Everybody who reacted. */
  async *allReactionUsers(
    channelId: string,
    messageId: string,
    emoji: ReactionEmoji,
  ): AsyncGenerator<GuildUser, void, undefined> {
    let cookie: string | undefined
    for (;;) {
      const page = await this.reactionUsers(channelId, messageId, emoji, cookie)
      yield* page.users ?? []
      if (page.is_end || page.cookie === '' || page.cookie === cookie) return
      cookie = page.cookie
    }
  }

  /** Plays sound; audio bots. @see Official docs: "Audio", control. */
  async controlAudio(channelId: string, body: AudioControl): Promise<void> {
    await this.call('POST /channels/{channel_id}/audio', [channelId], { json: body })
  }

  /** Goes on the microphone; audio bots. @see Official docs: "Audio", microphone. */
  async takeMicrophone(channelId: string): Promise<void> {
    await this.call('PUT /channels/{channel_id}/mic', [channelId], { json: {} })
  }

  /** Leaves the microphone; audio bots. @see Official docs: "Audio", microphone. */
  async leaveMicrophone(channelId: string): Promise<void> {
    await this.call('DELETE /channels/{channel_id}/mic', [channelId], { json: {} })
  }

  /** Threads of a forum; private-domain bots. @see Official docs: "Forum", list. */
  threads(
    channelId: string,
  ): Promise<{ readonly threads: readonly ForumThread[] | null; readonly is_finish: number }> {
    return this.call('GET /channels/{channel_id}/threads', [channelId])
  }

  /** @see Official docs: "Forum", details. */
  thread(channelId: string, threadId: string): Promise<{ readonly thread: ForumThread }> {
    return this.call('GET /channels/{channel_id}/threads/{thread_id}', [channelId, threadId])
  }

  /** Publishes a thread; its id comes with FORUM_PUBLISH_AUDIT_RESULT. @see Official docs: "Forum", publish. */
  publishThread(
    channelId: string,
    body: ThreadBody,
  ): Promise<{ readonly task_id: string; readonly create_time: string }> {
    return this.call('PUT /channels/{channel_id}/threads', [channelId], { json: body, idempotent: false })
  }

  /** @see Official docs: "Forum", delete. */
  async deleteThread(channelId: string, threadId: string): Promise<void> {
    await this.call('DELETE /channels/{channel_id}/threads/{thread_id}', [channelId, threadId])
  }

  /** Begins a direct message session with a member of a guild. @see Official docs: "Direct messages". */
  createSession(recipientId: string, sourceGuildId: string): Promise<DirectMessageSession> {
    return this.call('POST /users/@me/dms', [], {
      json: { recipient_id: recipientId, source_guild_id: sourceGuildId },
      idempotent: true,
    })
  }
}
