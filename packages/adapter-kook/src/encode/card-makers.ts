import { defined } from '@mynah/adapter-kit'
import { element, type ElementOf } from '@mynah/core'

import { checkCards } from './check-cards.ts'
import type {
  Card,
  CardButton,
  CardImage,
  CardModule,
  CardModules,
  CardText,
  KMarkdownText,
  Paragraph,
  PlainText,
} from '../wire/card.ts'

/**
 * Typed makers of cards and their parts.
 *
 * @example
 * ```ts
 * await session.reply(
 *   cardMessage(
 *     card.make({ theme: 'info' }, card.header('Vote'), card.actions(card.button('Yes', 'vote:yes'))),
 *   ),
 * )
 * ```
 */
export const card = {
  make: (options: Omit<Card, 'type' | 'modules'>, ...modules: readonly CardModule[]): Card => ({
    type: 'card',
    ...options,
    modules,
  }),

  header: (text: string): CardModule<'header'> => ({ type: 'header', text: card.plain(text) }),
  section: (
    text: CardText | Paragraph,
    options: Omit<CardModules['section'], 'text'> = {},
  ): CardModule<'section'> => ({
    type: 'section',
    text,
    ...options,
  }),
  imageGroup: (...elements: readonly CardImage[]): CardModule<'image-group'> => ({
    type: 'image-group',
    elements,
  }),
  container: (...elements: readonly CardImage[]): CardModule<'container'> => ({
    type: 'container',
    elements,
  }),
  actions: (...elements: readonly CardButton[]): CardModule<'action-group'> => ({
    type: 'action-group',
    elements,
  }),
  context: (...elements: readonly (CardText | CardImage)[]): CardModule<'context'> => ({
    type: 'context',
    elements,
  }),
  divider: (): CardModule<'divider'> => ({ type: 'divider' }),
  file: (src: string, title?: string): CardModule<'file'> => ({ type: 'file', src, ...defined({ title }) }),
  video: (src: string, title?: string): CardModule<'video'> => ({
    type: 'video',
    src,
    ...defined({ title }),
  }),
  audio: (src: string, options: Omit<CardModules['audio'], 'src'> = {}): CardModule<'audio'> => ({
    type: 'audio',
    src,
    ...options,
  }),
  /** Counts down to a moment in ms since 1970. */
  countdown: (
    mode: CardModules['countdown']['mode'],
    endTime: number,
    startTime?: number,
  ): CardModule<'countdown'> => ({
    type: 'countdown',
    mode,
    endTime,
    ...defined({ startTime }),
  }),
  /** @param code - An invite's URL or its code. */
  invite: (code: string): CardModule<'invite'> => ({ type: 'invite', code }),

  plain: (content: string, emoji?: boolean): PlainText => ({
    type: 'plain-text',
    content,
    ...defined({ emoji }),
  }),
  /** @param content - KMarkdown source; escape what people wrote with `escapeKMarkdown`. */
  kmarkdown: (content: string): KMarkdownText => ({ type: 'kmarkdown', content }),
  paragraph: (cols: Paragraph['cols'], ...fields: readonly CardText[]): Paragraph => ({
    type: 'paragraph',
    cols,
    fields,
  }),
  /** @param src - `http(s):`, `file:` or `data:` URL; uploaded before it is sent. */
  image: (src: string, options: Omit<CardImage, 'type' | 'src'> = {}): CardImage => ({
    type: 'image',
    src,
    ...options,
  }),
  /** A button that comes back as `interaction/button` with this value. */
  button: (
    text: CardText,
    value: string,
    options: Omit<CardButton, 'type' | 'text' | 'value'> = {},
  ): CardButton => ({ type: 'button', click: 'return-val', value, text, ...options }),
  linkButton: (text: CardText, href: string, options: Pick<CardButton, 'theme'> = {}): CardButton => ({
    type: 'button',
    click: 'link',
    value: href,
    text,
    ...options,
  }),
} as const

/**
 * A message of cards, to be sent like any other content.
 *
 * @throws MynahError `ELEMENT_INVALID` with the path and the limit when a card breaks a rule.
 */
export function cardMessage(...cards: readonly Card[]): ElementOf<'kook-cards'> {
  checkCards(cards)
  return element('kook-cards', { content: JSON.stringify(cards) })
}
