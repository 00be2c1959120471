import { type ChatEvent, type Content, type Element, element, MynahError, toElements } from '@mynah/core'

import type { OneBotApi } from '../api/onebot-api.ts'
import type { Connections } from '../receive/connections.ts'
import type { WebhookAnswer } from '../receive/webhook-answer.ts'
import { parseCq } from '../wire/cq-code.ts'
import { decodeMessage } from '../decode/segments.ts'
import { hasMedia } from './media.ts'
import { encodeMessage } from '../encode/segments.ts'
import { isRaw, type Raw, readString } from '../wire/raw.ts'
import type { Segment } from '../wire/segment.ts'

/** What a reply of a quick operation may be: content, or segments as OneBot has them. */
export type QuickReply = Content | Segment | readonly Segment[]

/** Quick operations of OneBot 11; only keys that are there act. */
export interface OneBotQuickOperation {
  /** Is sent to the chat of the message. A string is text; see `auto_escape`. */
  readonly reply?: QuickReply
  /**
   * `false` reads CQ codes out of a string. Never do so with words that people wrote: they could mention
   * everybody, or send files of the implementation's disk. OneBot itself reads codes unless told otherwise.
   * @defaultValue true
   */
  readonly auto_escape?: boolean
  /** Mentions the sender in front of the reply; groups only, never anonymous senders. @defaultValue true */
  readonly at_sender?: boolean
  /** Takes the message back. */
  readonly delete?: boolean
  /** Removes the sender from the group; they may ask to join again. */
  readonly kick?: boolean
  /** Mutes the sender for `ban_duration`. */
  readonly ban?: boolean
  /** In seconds. @defaultValue 1800 */
  readonly ban_duration?: number
  /** Accepts a request, or refuses it. */
  readonly approve?: boolean
  /** Name for the new friend, with `approve: true`. */
  readonly remark?: string
  /** Why a request is refused, with `approve: false`. */
  readonly reason?: string
}

/** What quick operations need of a bot. */
export interface QuickHost {
  readonly connections: Connections
  readonly answerOf: (eventId: string) => WebhookAnswer | undefined
  readonly api: OneBotApi
  reply(event: ChatEvent, content: readonly Element[]): Promise<void>
  answerRequest(event: ChatEvent, isApproved: boolean, comment?: string): Promise<void>
}

type Step = readonly [key: string, run: () => Promise<unknown>]

/**
 * Does a quick operation: in the answer of the webhook request that brought the event, as far as the
 * implementation has the documented effect there; everything else by ordinary actions, in the order reply,
 * delete, kick, ban. One that is refused does not stop the others.
 *
 * @throws MynahError of the first action that failed; `UNSUPPORTED` for events that take none.
 */
export async function runQuick(
  host: QuickHost,
  event: ChatEvent,
  operation: OneBotQuickOperation,
): Promise<void> {
  const steps = stepsOf(host, event, operation)
  const answered = answer(host, event, operation)
  const failures: unknown[] = []
  for (const [key, run] of steps) {
    if (answered.has(key)) continue
    try {
      await run()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length === 1) throw MynahError.from(failures[0], 'API_REJECTED')
  if (failures.length > 1) {
    const cause = new AggregateError(failures)
    throw new MynahError('API_REJECTED', `${failures.length} parts of a quick operation failed.`, { cause })
  }
}

function stepsOf(host: QuickHost, event: ChatEvent, operation: OneBotQuickOperation): Step[] {
  if (event.type === 'message-created') return messageSteps(host, event, operation)
  if (event.type.endsWith('-request')) {
    const { approve, remark, reason } = operation
    if (approve === undefined) return []
    return [['approve', () => host.answerRequest(event, approve, approve ? remark : reason)]]
  }
  throw new MynahError(
    'UNSUPPORTED',
    `${event.type} takes no quick operations; they answer messages and requests.`,
  )
}

function messageSteps(host: QuickHost, event: ChatEvent, operation: OneBotQuickOperation): Step[] {
  const { api } = host
  const { guild, user, message } = event
  const anonymousFlag = anonymousFlagOf(event)
  const isAnonymous = anonymousFlag !== undefined
  const steps: Step[] = []
  const content = replyContent(event, operation)
  if (content.length > 0) steps.push(['reply', () => host.reply(event, content)])
  if (guild === undefined) return steps
  const group_id = guild.id
  const user_id = user?.id ?? ''
  const duration = operation.ban_duration ?? 1800
  if (operation.delete === true) {
    steps.push(['delete', () => api.messages.delete(message?.id ?? '')])
  }
  if (operation.kick === true && !isAnonymous) {
    steps.push(['kick', () => api.members.kick(group_id, user_id)])
  }
  if (operation.ban === true) {
    steps.push([
      'ban',
      () =>
        isAnonymous
          ? api.members.muteAnonymous(group_id, anonymousFlag, duration)
          : api.members.mute(group_id, user_id, duration),
    ])
  }
  return steps
}

/** The flag of an anonymous sender, by which they can be muted. */
function anonymousFlagOf({ referrer }: ChatEvent): string | undefined {
  return isRaw(referrer) ? readString(referrer['anonymous']) : undefined
}

function replyContent(event: ChatEvent, operation: OneBotQuickOperation): Element[] {
  const { reply, auto_escape = true, at_sender = true } = operation
  if (reply === undefined || reply === null || reply === '') return []
  const content = readReply(reply, auto_escape)
  const { user, guild } = event
  const isMentioned =
    at_sender && guild !== undefined && user !== undefined && anonymousFlagOf(event) === undefined
  return isMentioned && content.length > 0 ? [element('at', { id: user.id }), ...content] : content
}

function readReply(reply: QuickReply, isLiteral: boolean): Element[] {
  if (typeof reply === 'string') return isLiteral ? toElements(reply) : decodeMessage(parseCq(reply))
  if (isSegment(reply)) return decodeMessage([reply])
  // The cast: what is no list of segments is content.
  return Array.isArray(reply) && reply.some(isSegment) ? decodeMessage(reply) : toElements(reply as Content)
}

function isSegment(value: unknown): value is Segment {
  return isRaw(value) && typeof value['type'] === 'string' && !('attrs' in value)
}

const nothing: ReadonlySet<string> = new Set()

/** Puts into the webhook's answer what works there. @returns The keys that need no action any more. */
function answer(
  { connections, answerOf }: QuickHost,
  event: ChatEvent,
  operation: OneBotQuickOperation,
): ReadonlySet<string> {
  const open = answerOf(event.id)
  if (open === undefined) return nothing
  const canCall = connections.callConnection !== undefined
  const works = (fields: Raw): boolean =>
    !canCall || Object.keys(fields).every((key) => connections.quirks.answerKeys.has(key))
  const isAnonymous = anonymousFlagOf(event) !== undefined
  const done = new Set<string>()
  for (const [key, fields] of Object.entries(answerFields(event, operation))) {
    // go-cqhttp does not mute anonymous senders from here.
    if (!works(fields) || (key === 'ban' && isAnonymous && canCall)) continue
    if (open.add(fields)) done.add(key)
  }
  return done
}

/** The fields of each part of an operation, by the key of its step. */
function answerFields(event: ChatEvent, operation: OneBotQuickOperation): Record<string, Raw> {
  const parts: Record<string, Raw> = {}
  const content = replyContent(event, { ...operation, at_sender: false })
  // Media have to be read first, which sending does.
  if (event.type === 'message-created' && content.length > 0 && !hasMedia(content)) {
    const reply = encodeMessage(content, () => '')
    const { at_sender = true } = operation
    parts['reply'] = event.guild === undefined ? { reply } : { reply, at_sender }
  }
  if (event.guild !== undefined && event.type === 'message-created') {
    if (operation.delete === true) parts['delete'] = { delete: true }
    if (operation.kick === true) parts['kick'] = { kick: true }
    if (operation.ban === true) parts['ban'] = { ban: true, ban_duration: operation.ban_duration ?? 1800 }
  }
  const { approve, remark, reason } = operation
  if (approve !== undefined) {
    parts['approve'] = {
      approve,
      ...(approve && remark !== undefined ? { remark } : {}),
      ...(!approve && reason !== undefined ? { reason } : {}),
    }
  }
  return parts
}
