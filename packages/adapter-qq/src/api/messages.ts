import { defined, isRecord, type RestFile } from '@mynah/adapter-kit'
import type { GuildMessage } from '../wire/guild.ts'
import type {
  ChatMessageBody,
  ChatMessageResult,
  GuildMessageBody,
  GuildMessageResult,
  StreamFrame,
  StreamResult,
} from '../wire/send.ts'
import { isGuildKind, type Target, type TargetKind } from '../encode/target.ts'
import { Resource } from './resource.ts'

/** What a message is answered with; nothing where the platform looks at it first. */
export type SendResult = (ChatMessageResult & GuildMessageResult) | undefined

/** Where messages to a kind of place are sent. */
const paths = {
  c2c: '/v2/users/{openid}',
  group: '/v2/groups/{group_openid}',
  channel: '/channels/{channel_id}',
  dm: '/dms/{guild_id}',
} as const

/** The path of a target, with a placeholder for its id. */
export function pathOf({ kind }: Target): (typeof paths)[TargetKind] {
  return paths[kind]
}

/** The card that asks for a change of the message settings. */
export interface SettingGuideBody {
  /** The text. */
  readonly content?: string
  /** The guild it is about. */
  readonly setting_guide?: { readonly guild_id: string }
}

/** Which messages of a channel to list. */
export interface MessageListQuery {
  /** Messages around this id. */
  readonly around?: string
  /** Messages before this id. */
  readonly before?: string
  /** Messages behind this id. */
  readonly after?: string
  /** @defaultValue 20 */
  readonly limit?: number
}

/** Messages: send, get, list, edit, recall. */
export class MessageApi extends Resource {
  /**
   * Sends a message, once; a `msg_seq` makes repeating safe.
   *
   * @throws QQApiError when the platform refuses.
   *
   * @see Official docs: "Sending messages".
   */
  send(target: Target, body: ChatMessageBody | GuildMessageBody, signal?: AbortSignal): Promise<SendResult> {
    return this.call(`POST ${pathOf(target)}/messages`, [target.id], {
      json: body,
      idempotent: 'msg_seq' in body,
      once: true,
      ...defined({ signal }),
    })
  }

  /**
   * Sends a message with a picture of ours to a channel or a direct message session, once. Objects go into the
   * form as JSON.
   *
   * @throws QQApiError when the platform refuses.
   *
   * @see Official docs: "Sending messages", `file_image`.
   */
  sendWithFile(
    target: Target,
    body: GuildMessageBody,
    file: RestFile,
    signal?: AbortSignal,
  ): Promise<SendResult> {
    const fields = Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    return this.call(`POST ${pathOf(target)}/messages`, [target.id], {
      form: { ...Object.fromEntries(fields), file_image: file },
      once: true,
      timeoutMs: 30_000,
      ...defined({ signal }),
    })
  }

  /** One frame of a streamed message. @see Official docs: "Streaming messages". */
  sendFrame(openid: string, frame: StreamFrame): Promise<StreamResult> {
    return this.call('POST /v2/users/{openid}/stream_messages', [openid], { json: frame, idempotent: true })
  }

  /**
   * Recalls a message. In groups and C2C the bot's own within 2 minutes; in guilds others' too, with the right.
   *
   * @param hideTip - Channels and direct messages: whether no notice stays behind. @defaultValue false
   * @see Official docs: "Recalling messages".
   */
  async delete(target: Target, messageId: string, hideTip = false): Promise<void> {
    const query = isGuildKind(target.kind) ? { hidetip: hideTip } : undefined
    await this.call(`DELETE ${pathOf(target)}/messages/{message_id}`, [target.id, messageId], {
      ...defined({ query }),
    })
  }

  /** A message of a channel. @see Official docs: "Getting a message". */
  async get(channelId: string, messageId: string): Promise<GuildMessage> {
    const data = await this.call<GuildMessage | { readonly message: GuildMessage }>(
      'GET /channels/{channel_id}/messages/{message_id}',
      [channelId, messageId],
    )
    return isRecord(data) && 'message' in data ? data.message : data
  }

  /** Messages of a channel; from the official SDK, not in the docs. */
  list(channelId: string, query: MessageListQuery = {}): Promise<readonly GuildMessage[]> {
    return this.listOf('GET /channels/{channel_id}/messages', [channelId], { query: { ...query } })
  }

  /** Replaces Markdown and keyboard of a message of the bot in a channel; from the official SDK. */
  edit(channelId: string, messageId: string, body: GuildMessageBody): Promise<GuildMessage> {
    return this.call('PATCH /channels/{channel_id}/messages/{message_id}', [channelId, messageId], {
      json: body,
    })
  }

  /** Sends a card that asks to change the message settings; from the official SDK. */
  sendSettingGuide(target: Target, body: SettingGuideBody): Promise<GuildMessage> {
    return this.call(`POST ${pathOf(target)}/settingguide`, [target.id], { json: body })
  }
}
