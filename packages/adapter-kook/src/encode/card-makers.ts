import { element, type ElementOf } from '@mynah/core'

import { checkCards } from './check-cards.ts'
import type {
  ActionGroupModule,
  AudioModule,
  Card,
  CardButton,
  CardImage,
  CardModule,
  CardText,
  ContainerModule,
  ContextModule,
  CountdownModule,
  DividerModule,
  FileModule,
  HeaderModule,
  ImageGroupModule,
  InviteModule,
  KMarkdownText,
  Paragraph,
  PlainText,
  SectionModule,
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

  header: (text: string): HeaderModule => ({ type: 'header', text: card.plain(text) }),
  section: (
    text: CardText | Paragraph,
    options: Omit<SectionModule, 'type' | 'text'> = {},
  ): SectionModule => ({
    type: 'section',
    text,
    ...options,
  }),
  imageGroup: (...elements: readonly CardImage[]): ImageGroupModule => ({ type: 'image-group', elements }),
  container: (...elements: readonly CardImage[]): ContainerModule => ({ type: 'container', elements }),
  actions: (...elements: readonly CardButton[]): ActionGroupModule => ({ type: 'action-group', elements }),
  context: (...elements: readonly (CardText | CardImage)[]): ContextModule => ({ type: 'context', elements }),
  divider: (): DividerModule => ({ type: 'divider' }),
  file: (src: string, title?: string): FileModule => media('file', src, title),
  video: (src: string, title?: string): FileModule => media('video', src, title),
  audio: (src: string, options: { readonly title?: string; readonly cover?: string } = {}): AudioModule => ({
    type: 'audio',
    src,
    ...options,
  }),
  /** Counts down to a moment in ms since 1970. */
  countdown: (mode: CountdownModule['mode'], endTime: number, startTime?: number): CountdownModule => ({
    type: 'countdown',
    mode,
    endTime,
    ...(startTime === undefined ? {} : { startTime }),
  }),
  /** @param code - An invite's URL or its code. */
  invite: (code: string): InviteModule => ({ type: 'invite', code }),

  plain: (content: string, emoji?: boolean): PlainText => ({
    type: 'plain-text',
    content,
    ...(emoji === undefined ? {} : { emoji }),
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

function media(type: FileModule['type'], src: string, title: string | undefined): FileModule {
  return title === undefined ? { type, src } : { type, src, title }
}

/**
 * A message of cards, to be sent like any other content.
 *
 * @throws MynahError `ELEMENT_INVALID` with the path and the limit when a card breaks a rule.
 */
export function cardMessage(...cards: readonly Card[]): ElementOf<'kook-cards'> {
  checkCards(cards)
  return element('kook-cards', { content: JSON.stringify(cards) })
}
