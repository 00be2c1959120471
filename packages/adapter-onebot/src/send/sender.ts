import { isRecord } from '@mynah/adapter-kit'
import { type Element, element, isElement, type Logger, MynahError, type Receipt } from '@mynah/core'
import { type OutgoingMessage } from '@mynah/core/adapter'

import type { OneBotApi } from '../api/onebot-api.ts'
import { stringifyCq } from '../wire/cq-code.ts'
import type { OneBotConfig } from '../config.ts'
import { OneBotError } from '../errors.ts'
import type { Connections } from '../receive/connections.ts'
import type { WebhookAnswer } from '../receive/webhook-answer.ts'
import { type Target, targetOf, tinyIdOf } from '../decode/resources.ts'
import { type DefaultAuthor, encodeForward, forwardOf } from './forward.ts'
import { hasMedia, prepareMedia, uploadPath, uploadTimeout } from './media.ts'
import { encodeMessage } from '../encode/segments.ts'
import { readString, wireId } from '../wire/raw.ts'
import type { Segment, WireMessage } from '../wire/segment.ts'
import type { TemporaryChats } from './temporary-chats.ts'

/** What sending needs of a bot. */
export interface SenderOptions {
  readonly selfId: string
  readonly logger: Logger
  readonly connections: Connections
  readonly api: OneBotApi
  readonly temporaryChats: TemporaryChats
  /** The webhook request that brought an event, while it can still be answered. */
  readonly answerOf: (eventId: string) => WebhookAnswer | undefined
  readonly config: Pick<OneBotConfig, 'messageFormat' | 'media'>
  /** Who says what nobody else says in a forward. */
  readonly author: () => DefaultAuthor
}

/** Messages with media may take this long, in ms. */
const mediaTimeoutMs = 60_000

/** Puts messages on the wire: as segments, as a forward, or as an upload. */
export class Sender {
  readonly #options: SenderOptions
  #hasHinted = false

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /** @throws OneBotError, or MynahError `SEND_EMPTY`, `MEDIA_REFUSED` or `ELEMENT_INVALID`. */
  async send(message: OutgoingMessage): Promise<Receipt> {
    try {
      return await this.#send(message)
    } catch (error) {
      if (OneBotError.is(error, 'risk-control')) this.#hint()
      throw error
    }
  }

  #hint(): void {
    if (this.#hasHinted) return
    this.#hasHinted = true
    const { logger, selfId } = this.#options
    logger.warn(
      { selfId },
      'QQ holds messages of this account back (risk control). Send less and shorter, without links, for a while',
    )
  }

  async #send(message: OutgoingMessage): Promise<Receipt> {
    const { channelId } = message
    const target = targetOf(channelId)
    const elements = target.kind === 'guild' ? withTinyIds(message.elements) : message.elements
    if (channelId === '' || channelId === 'private:') {
      throw new OneBotError('bad-request', 'the message has no channel to go to.', { action: 'send_msg' })
    }
    const first = elements[0]
    if (first?.type === 'file' && this.#options.connections.quirks.files === 'upload')
      return this.#upload(first, target)
    const isMedia = hasMedia(elements)
    const sources = isMedia ? await this.#prepare(elements) : undefined
    const fileSource = (node: Element): string => sources?.get(node) ?? ''
    const forward = forwardOf(elements)
    if (forward !== undefined) {
      return this.#sendNodes(encodeForward(forward, this.#options.author(), fileSource), target)
    }
    const segments = encodeMessage(elements, fileSource)
    if (segments.length === 0) throw new MynahError('SEND_EMPTY', 'Nothing of the content can be sent.')
    if (segments.some(({ type }) => type === 'node')) return this.#sendNodes(segments, target)
    return this.#sendSegments(segments, target, message, isMedia)
  }

  #prepare(elements: readonly Element[]): Promise<ReadonlyMap<Element, string>> {
    const { api, config, connections } = this.#options
    return prepareMedia(elements, { api, config: config.media, streams: connections.quirks.streams })
  }

  async #sendSegments(
    segments: readonly Segment[],
    target: Target,
    message: OutgoingMessage,
    isMedia: boolean,
  ): Promise<Receipt> {
    const { connections, config, answerOf } = this.#options
    const answer = message.event === undefined ? undefined : answerOf(message.event.id)
    const isQuick = message.kind === 'quick' && connections.quirks.takesReplies
    if (isQuick && answer?.add({ reply: segments, at_sender: false }) === true) return receiptOf(undefined)
    if (answer !== undefined && connections.callConnection === undefined) return answerWith(segments, answer)
    const content = config.messageFormat === 'string' ? stringifyCq(segments) : segments
    const timeout = isMedia ? { timeoutMs: mediaTimeoutMs } : undefined
    const [action, params] = this.#call(target, content, message)
    return receiptOf(await connections.call(action, params, timeout))
  }

  #call(target: Target, message: WireMessage, { event, channelId }: OutgoingMessage): [string, object] {
    if (target.kind === 'group') {
      return ['send_msg', { message_type: 'group', group_id: wireId(target.groupId), message }]
    }
    if (target.kind === 'guild') {
      return ['send_guild_channel_msg', { guild_id: target.guildId, channel_id: target.channelId, message }]
    }
    const referrer = event?.channel?.id === channelId ? event.referrer : undefined
    const group =
      (isRecord(referrer) ? readString(referrer['group']) : undefined) ??
      this.#options.temporaryChats.groupOf(target.userId)
    const user_id = wireId(target.userId)
    if (group === undefined) return ['send_msg', { message_type: 'private', user_id, message }]
    // With a group in it, some read `send_msg` as a message to that whole group.
    return ['send_private_msg', { user_id, group_id: wireId(group), message }]
  }

  async #sendNodes(nodes: readonly Segment[], target: Target): Promise<Receipt> {
    const { api } = this.#options
    if (nodes.some(({ type }) => type !== 'node')) {
      throw new MynahError(
        'ELEMENT_INVALID',
        'Nodes of a forward stand alone; send the rest as another message.',
      )
    }
    if (target.kind === 'guild') throw new MynahError('UNSUPPORTED', 'The guild service takes no forwards.')
    const sent =
      target.kind === 'group'
        ? await api.forwards.sendGroup(target.groupId, nodes)
        : await api.forwards.sendPrivate(target.userId, nodes)
    return receiptOf({ ...sent })
  }

  /** Uploads have no message id. */
  async #upload(file: Element, target: Target): Promise<Receipt> {
    const { api } = this.#options
    const path = await uploadPath(file, api)
    const size = isElement(file, 'file') ? (file.attrs.size ?? 0) : 0
    const about = { file: path, name: String(file.attrs['title'] ?? path.split('/').at(-1)) }
    const options = { timeoutMs: uploadTimeout(size) }
    if (target.kind === 'guild') throw new MynahError('UNSUPPORTED', 'The guild service takes no files.')
    if (target.kind === 'group')
      await api.files.uploadToGroup({ group_id: target.groupId, ...about }, options)
    else await api.files.uploadToUser({ user_id: target.userId, ...about }, options)
    return { status: 'delivered', messageIds: [] }
  }
}

/** People of the guild service have numbers of their own, which mean somebody else elsewhere. */
function withTinyIds(elements: readonly Element[]): Element[] {
  return elements.map((node) => {
    const tinyId = node.type === 'at' ? tinyIdOf(String(node.attrs['id'] ?? '')) : undefined
    return tinyId === undefined ? node : element('at', { ...node.attrs, id: tinyId }, node.children)
  })
}

function receiptOf(data: unknown): Receipt {
  const id = isRecord(data) ? readString(data['message_id']) : undefined
  return { status: 'delivered', messageIds: id === undefined || id === '0' ? [] : [id] }
}

/** Where no API is at hand, one message can go into the answer of the webhook request. */
function answerWith(
  segments: readonly Segment[],
  answer: { add(operation: Readonly<Record<string, unknown>>): boolean },
): Receipt {
  if (answer.add({ reply: segments, at_sender: false })) return { status: 'delivered', messageIds: [] }
  throw new OneBotError(
    'not-connected',
    'the answer of the webhook carries one message; add the HTTP API or a WebSocket to send more.',
    { action: 'send_msg' },
  )
}
