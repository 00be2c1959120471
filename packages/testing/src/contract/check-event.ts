import { isDeepStrictEqual } from 'node:util'

import {
  type Bot,
  type ChatEvent,
  type ChatEventName,
  type ChatEvents,
  findElement,
  type Message,
  MynahError,
  plainText,
  type Receipt,
} from '@mynah/core'

/** Fields that events of a type carry for certain, as `ChatEvents` promises. */
const promised: { readonly [K in ChatEventName]?: readonly (keyof ChatEvent)[] } = {
  'message-created': ['user', 'channel', 'message'],
  'message-updated': ['channel', 'message'],
  'message-deleted': ['channel', 'message'],
  'message-sent': ['user', 'channel', 'message'],
  'reaction-added': ['channel', 'message', 'emoji'],
  'reaction-removed': ['channel', 'message', 'emoji'],
  'interaction/button': ['user', 'button'],
  poke: ['user'],
  'guild-request': ['guild', 'user'],
  'guild-member-added': ['guild', 'user'],
  'guild-member-removed': ['guild', 'user'],
  'guild-member-request': ['guild', 'user'],
  'friend-request': ['user'],
}

/**
 * Makes sure that an event is what its type promises.
 *
 * @throws MynahError `TEST_EXPECTATION` that names what is wrong.
 */
export function checkEvent<K extends ChatEventName>(bot: Bot, event: ChatEvent, type: K): ChatEvents[K] {
  const missing = (promised[type] ?? []).filter((field) => event[field] === undefined)
  assert(missing.length === 0, `${type} lacks ${missing.join(', ')}`)
  assert(event.id !== '', `${type} has no id`)
  assert(event.platform === bot.platform, `${type} is of the platform ${event.platform}, not ${bot.platform}`)
  assert(event.selfId === bot.selfId, `${type} is of the account ${event.selfId}, not ${bot.selfId}`)
  assert(
    event.platformType.startsWith(`${bot.platform}/`),
    `the platformType ${event.platformType} of ${type} does not begin with ${bot.platform}/`,
  )
  assert(
    Number.isFinite(event.time) && event.time > 1e12,
    `the time of ${type} is no number of ms since 1970`,
  )
  assertPlain(event, `the event ${type}`)
  // What the lines above have made sure of.
  return event as ChatEvents[K]
}

/** @throws MynahError `TEST_EXPECTATION` unless a value is the same after a way through JSON. */
export function assertPlain(value: unknown, what: string): void {
  const back: unknown = JSON.parse(JSON.stringify(value))
  assert(
    isDeepStrictEqual(back, withoutAbsent(value)),
    `${what} is not the same after JSON: ${JSON.stringify(value)}`,
  )
}

/** @throws MynahError `TEST_EXPECTATION` unless a receipt says the same after a way through JSON. */
export function assertSurvives(receipt: Receipt): void {
  if (receipt.status !== 'failed') return assertPlain(receipt, 'the receipt')
  const { code, message, retriable } = receipt.error
  const back: typeof receipt = JSON.parse(JSON.stringify(receipt))
  assert(
    back.error.code === code && back.error.message === message && back.error.retriable === retriable,
    `why a message failed is not the same after JSON: ${JSON.stringify(back.error)}`,
  )
}

/** Fields that are `undefined` are absent in JSON; that is no difference to plugins. */
function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) =>
      field === undefined ? [] : [[key, withoutAbsent(field)]],
    ),
  )
}

/** @throws MynahError `TEST_EXPECTATION` with `otherwise` unless it holds. */
export function assert(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new MynahError('TEST_EXPECTATION', `The contract does not hold: ${otherwise}.`)
}

/** Makes sure that a message says words, and quotes another one beside them. @throws MynahError `TEST_EXPECTATION`. */
export function assertQuotes({ content, quote }: Message, quotedId: string, words: string): void {
  assert(quote?.id === quotedId, `message.quote is of ${quote?.id}, not of ${quotedId}`)
  assert(findElement(content, 'quote') === undefined, 'the quote is a part of the content')
  assert(plainText(content).trim() === words, 'the words beside the quote are not there')
}
