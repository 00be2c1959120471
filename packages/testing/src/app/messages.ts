import {
  type ChatEvent,
  type Element,
  type ElementOf,
  isElement,
  plainText,
  type PressedButton,
  render,
} from '@mynah/core'

/** A button under a message. */
export interface SentButton extends PressedButton {
  readonly label: string
  /** Users that may press it; everybody when absent. */
  readonly for: readonly string[] | undefined
}

/** A message as it left the bot: with nothing in it that the platform cannot show. */
export interface SentMessage {
  /** Made up by the test bot, unless a script of `deliver` gave one. */
  readonly id: string
  /** Where it went. */
  readonly channelId: string
  /** Its words. */
  readonly text: string
  /** All of it, as elements. */
  readonly content: readonly Element[]
  /** What can be pressed. */
  readonly buttons: readonly SentButton[]
  /** Id of the message it quotes. */
  readonly quoteId: string | undefined
  /** What it answers, where it answers something. */
  readonly event: ChatEvent | undefined
}

/** What a message has to be: this very text, text that fits, or anything that a function says yes to. */
export type Expected = string | RegExp | ((message: SentMessage) => boolean)

/** Makes the record of a message that was sent. */
export function sentMessage(
  id: string,
  channelId: string,
  content: readonly Element[],
  event: ChatEvent | undefined,
): SentMessage {
  const quote = content.find((node) => isElement(node, 'quote'))
  return {
    id,
    channelId,
    text: plainText(
      content.map((node) => (node.type.startsWith('button') ? { ...node, children: [] } : node)),
    ).trim(),
    content,
    buttons: buttonsOf(content),
    quoteId: quote?.attrs.id,
    event,
  }
}

function buttonsOf(nodes: readonly Element[]): SentButton[] {
  return nodes.flatMap((node) => (isElement(node, 'button') ? [sentButton(node)] : buttonsOf(node.children)))
}

function sentButton({ attrs, children }: ElementOf<'button'>): SentButton {
  const label = plainText(children)
  return { id: attrs.id ?? label, label, for: attrs.for?.split(' ') }
}

/** What a message says, without what it quotes. */
export function withoutQuote(elements: readonly Element[]): Element[] {
  return elements.filter(({ type }) => type !== 'quote')
}

/** Whether a message is what a test expects. */
export function fits(message: SentMessage, expected: Expected | undefined): boolean {
  if (expected === undefined) return true
  if (typeof expected === 'string') return message.text === expected
  return expected instanceof RegExp ? expected.test(message.text) : expected(message)
}

/** How an expectation reads. */
export function inWords(expected: Expected | undefined): string {
  if (expected === undefined) return 'a message'
  if (typeof expected === 'string') return JSON.stringify(expected)
  return expected instanceof RegExp ? `a message like ${String(expected)}` : 'a message that the test accepts'
}

/** How a message reads in a report: as text, or as markup when there is more to it. */
export function describeContent(content: readonly Element[]): string {
  return content.every(({ type }) => type === 'text') ? JSON.stringify(plainText(content)) : render(content)
}
