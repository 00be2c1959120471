import { defined, readJson } from '@mynah/adapter-kit'
import { type Element, element, type ElementOf, findElement, isElement, MynahError } from '@mynah/core'

import type { Card, CardModule } from '../wire/card.ts'
import { messageTypes } from '../wire/events.ts'
import { chunks, encodeCard, encodeCommonCard, encodeModules } from '../encode/card.ts'
import { cardLimits, checkCards, framedModules } from '../encode/check-cards.ts'
import { encodeKMarkdown, isInline } from '../encode/kmarkdown.ts'
import { localFilesIn, mediaSource } from '../encode/media-source.ts'
import { splitKMarkdown } from '../encode/split.ts'

/** Longest KMarkdown message, in characters (KOOK developer documentation, "发送频道聊天消息"). */
export const maxContentLength = 8000

/** One message as it goes on the wire. */
export type Draft = ElementOf<'kook-message'>

/** Options of the whole message. */
type Envelope = Pick<Draft['attrs'], 'quote' | 'temp' | 'nonce' | 'files'>

/**
 * Decides which messages content becomes: KMarkdown for text, a picture or a video by itself, cards for
 * everything mixed; long ones are split, and only the first one quotes.
 *
 * @throws MynahError `ELEMENT_INVALID` when an explicit card breaks a limit, with its path.
 */
export function planMessages(elements: readonly Element[]): Draft[] {
  const envelope = readEnvelope(elements)
  const content = elements.filter(({ type }) => type !== 'quote' && type !== 'kook-send')
  const { quote, ...rest } = envelope
  return draftsOf(content).map(({ attrs }, index) =>
    element('kook-message', { ...attrs, ...(index === 0 && defined({ quote })), ...rest }),
  )
}

function readEnvelope(elements: readonly Element[]): Envelope {
  const quote = elements.find((node) => isElement(node, 'quote'))?.attrs.id
  const options = elements.find((node) => isElement(node, 'kook-send'))?.attrs
  const files = localFilesIn(elements)
  return {
    ...defined({ quote, temp: options?.temp, nonce: options?.nonce }),
    ...(files.length > 0 && { files: JSON.stringify(files) }),
  }
}

function draftsOf(content: readonly Element[]): Draft[] {
  const template = content.find((node) => isElement(node, 'kook-template'))
  if (template !== undefined) return [templateDraft(template)]
  const alone = content.filter((node) => !isBlank(node))
  const [only] = alone
  if (only === undefined) return []
  if (alone.length === 1 && (isElement(only, 'image') || isElement(only, 'video')))
    return [draft(messageTypes[only.type], mediaSource(only.attrs))]
  // Only cards show colours.
  const needsCard = !content.every(isInline) || findElement(content, 'kook-font') !== undefined
  return needsCard ? cardDrafts(content) : textDrafts(content)
}

function isBlank(node: Element): boolean {
  return node.type === 'br' || (isElement(node, 'text') && node.attrs.content.trim() === '')
}

function draft(kind: number, content: string): Draft {
  return element('kook-message', { kind, content })
}

function templateDraft({ attrs }: ElementOf<'kook-template'>): Draft {
  return element('kook-message', { kind: messageTypes.kmarkdown, content: attrs.input, template: attrs.id })
}

function textDrafts(content: readonly Element[]): Draft[] {
  const source = encodeKMarkdown(content)
  return splitKMarkdown(source, maxContentLength)
    .filter((part) => part.trim() !== '')
    .map((part) => draft(messageTypes.kmarkdown, part))
}

function cardDrafts(content: readonly Element[]): Draft[] {
  const cards = content.some(isCard) ? mixedCards(content) : implicitCards(encodeModules(content))
  return packCards(cards).map((pack) => {
    checkCards(pack)
    return draft(messageTypes.card, JSON.stringify(pack))
  })
}

function isCard({ type }: Element): boolean {
  return type === 'kook-card' || type === 'kook-cards' || type === 'card'
}

/** Cards in their places, and cards made of what stands between them. */
function mixedCards(content: readonly Element[]): Card[] {
  const cards: Card[] = []
  let between: Element[] = []
  const finish = (): void => {
    if (!between.every(isBlank)) cards.push(...implicitCards(encodeModules(between)))
    between = []
  }
  for (const node of content) {
    if (isCard(node)) {
      finish()
      cards.push(...cardsOf(node))
    } else between.push(node)
  }
  finish()
  return cards
}

function cardsOf(node: Element): readonly Card[] {
  if (isElement(node, 'kook-card')) return [encodeCard(node)]
  if (isElement(node, 'kook-cards')) return readCards(node.attrs.content)
  if (!isElement(node, 'card')) return []
  const { color } = node.attrs
  return chunks(encodeCommonCard(node), cardLimits.modules).map((modules) => ({
    type: 'card',
    ...(color === undefined || !/^#[\da-f]{6}$/i.test(color) ? {} : { color }),
    modules,
  }))
}

function readCards(json: string): readonly Card[] {
  const value = readJson(json)
  if (value === undefined) throw new MynahError('ELEMENT_INVALID', 'kook-cards holds no JSON.')
  const cards: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const [index, card] of cards.entries()) checkCards([card], index)
  // Just checked.
  return cards as readonly Card[]
}

/** Cards without a frame, or at least without a side bar where something needs a frame. */
function implicitCards(modules: readonly CardModule[]): Card[] {
  const theme = modules.every(isFrameless) ? 'invisible' : 'none'
  return chunks(modules, cardLimits.modules).map((part) => ({ type: 'card', theme, modules: part }))
}

function isFrameless(module: CardModule): boolean {
  return !framedModules.has(module.type) && !(module.type === 'section' && module.accessory !== undefined)
}

/** Puts cards into as few messages as the limits allow, in order. */
function packCards(cards: readonly Card[]): Card[][] {
  const packs: Card[][] = []
  let modules = 0
  for (const card of cards) {
    const pack = packs.at(-1)
    const fits = pack !== undefined && pack.length < cardLimits.cards
    if (fits && modules + card.modules.length <= cardLimits.modules) {
      pack.push(card)
      modules += card.modules.length
    } else {
      packs.push([card])
      modules = card.modules.length
    }
  }
  return packs
}
