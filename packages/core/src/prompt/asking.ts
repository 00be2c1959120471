import type { Bot } from '../bot/bot.ts'
import type { PromptScope } from '../event/prompt-scope.ts'
import type { Translate } from '../i18n/texts.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { type Content, type Element, writtenText } from '../message/element.ts'
import { segment } from '../message/segment.ts'
import { withoutMentionsBehind, withoutMentionsInFront } from '../message/trim.ts'
import type { ChatEvent } from '../model/event.ts'
import { trimBlank } from '../shared/blank.ts'
import { isWordFor, plain, type PromptAnswer, type Question } from './questions.ts'

/** How one question is put to people. */
export interface Asking {
  /** Who asks. */
  readonly bot: Bot
  /** What the question is about. */
  readonly event: ChatEvent
  /** Whose message is the answer. */
  readonly by: PromptScope
  /** What the ids of its buttons begin with. */
  readonly buttonPrefix: string
}

/** The question as it is sent: with buttons where the platform shows them, with a list where not. */
export function layOut<T>(question: Question<T>, asking: Asking, translate: Translate): Content {
  const { bot, event, by, buttonPrefix } = asking
  const labels = question.labels?.(translate) ?? []
  if (labels.length === 0) return question.content
  if (!bot.support.elements.includes('button')) return [question.content, question.hint?.(translate)]
  const user = by === 'user' ? event.user?.id : undefined
  const presser = user === undefined ? {} : { for: user }
  return [
    question.content,
    segment.buttons(
      ...labels.map((label, index) => segment.button(`${buttonPrefix}${index}`, label, presser)),
    ),
  ]
}

/** Whether a press is of one of the question's buttons, by somebody who was asked. */
export function isOwnPress(
  { button, user, selfId, platform }: ChatEvent,
  { event, by, buttonPrefix }: Omit<Asking, 'bot'>,
): boolean {
  return (
    button?.id.startsWith(buttonPrefix) === true &&
    platform === event.platform &&
    selfId === event.selfId &&
    (by === 'conversation' || user?.id === event.user?.id)
  )
}

/** What was said or pressed. */
export function readAnswer({ type, button, message, selfId }: ChatEvent, buttonPrefix: string): PromptAnswer {
  const content = message?.content ?? []
  if (type !== 'interaction/button') return { text: wordsOf(content, selfId), content, pressed: undefined }
  return { text: '', content: [], pressed: Number(button?.id.slice(buttonPrefix.length)) }
}

/** What was said, without mentions of the bot, which clients add where somebody answers it. */
function wordsOf(content: readonly Element[], selfId: string): string {
  const { rest } = withoutMentionsInFront(withoutMentionsBehind(content, selfId), selfId)
  return trimBlank(writtenText(rest))
}

/** Whether an answer ends the question. */
export function isCancelled(
  { text, pressed }: PromptAnswer,
  words: readonly string[] | undefined,
  translate: Translate,
): boolean {
  if (pressed !== undefined) return false
  const word = plain(text)
  if (words !== undefined) return words.some((one) => plain(one) === word)
  return isWordFor('prompt.cancel-words', word, translate)
}

/** Tells the platform that a press was seen. Never rejects. */
export async function acknowledge(bot: Bot, press: ChatEvent, scope: Scope): Promise<void> {
  if (!bot.features.includes('ackInteraction')) return
  try {
    await bot.ackInteraction(press)
  } catch (error) {
    scope.fail(error, 'acknowledging a pressed button')
  }
}
