import { element, type Element, MynahError } from '@mynah/core'
import type { Ark, ArkEntry, Embed, Keyboard, Markdown } from '../wire/content.ts'
import { qqElements } from './support.ts'

/** A thumbnail card: ark template 24 (official docs: "Ark"). */
export interface ArkThumbnail {
  /** What the card says of itself. */
  readonly description: string
  /** What the list of chats shows. */
  readonly prompt: string
  /** The big line. */
  readonly title: string
  /** The text. */
  readonly details: string
  /** Address of the picture. */
  readonly image: string
  /** Where it leads. */
  readonly link: string
  /** The small line. */
  readonly subtitle: string
}

/** A big picture: ark template 37; the cover is 975×540. */
export interface ArkPicture {
  /** What the list of chats shows. */
  readonly prompt: string
  /** The big line. */
  readonly title: string
  /** The small line. */
  readonly subtitle: string
  /** Address of the picture. */
  readonly cover: string
  /** Where it leads. */
  readonly link: string
}

const value = (key: string, text: string): ArkEntry => ({ key, value: text })

const withData = (type: string, data: object, fallback: string): Element =>
  element(type, { data: JSON.stringify(data) }, fallback)

/**
 * Elements that only this platform has.
 *
 * @example
 * ```ts
 * await session.reply(qq.ark(qq.arkList('Books', 'What to read', [{ text: 'The first', link: 'https://…' }])))
 * ```
 */
export const qq = {
  /** A card by template. */
  ark: (ark: Ark): Element => withData(qqElements.ark, ark, ''),
  /** Template 23: a list of links. */
  arkList: (
    description: string,
    prompt: string,
    items: readonly { readonly text: string; readonly link?: string }[],
  ): Ark => ({
    template_id: 23,
    kv: [
      value('#DESC#', description),
      value('#PROMPT#', prompt),
      {
        key: '#LIST#',
        obj: items.map(({ text, link }) => ({
          obj_kv: [
            { key: 'desc', value: text },
            ...(link === undefined ? [] : [{ key: 'link', value: link }]),
          ],
        })),
      },
    ],
  }),
  /** Template 24: text and thumbnail. */
  arkThumbnail: (card: ArkThumbnail): Ark => ({
    template_id: 24,
    kv: [
      value('#DESC#', card.description),
      value('#PROMPT#', card.prompt),
      value('#TITLE#', card.title),
      value('#METADESC#', card.details),
      value('#IMG#', card.image),
      value('#LINK#', card.link),
      value('#SUBTITLE#', card.subtitle),
    ],
  }),
  /** Template 37: a big picture. */
  arkPicture: (card: ArkPicture): Ark => ({
    template_id: 37,
    kv: [
      value('#PROMPT#', card.prompt),
      value('#METATITLE#', card.title),
      value('#METASUBTITLE#', card.subtitle),
      value('#METACOVER#', card.cover),
      value('#METAURL#', card.link),
    ],
  }),
  /** A framed text; channels and direct messages show it, elsewhere its words are sent. */
  embed: (embed: Embed): Element =>
    withData(
      qqElements.embed,
      embed,
      [embed.title, ...(embed.fields ?? []).map(({ name }) => name)].filter(Boolean).join('\n'),
    ),
  /**
   * Buttons as the platform describes them, or a template of buttons.
   *
   * @throws MynahError `ELEMENT_INVALID` for more than 5 rows, more than 5 buttons in a row, or a label of more
   * than 10 characters.
   */
  keyboard: (keyboard: Keyboard): Element => {
    checkKeyboard(keyboard)
    return withData(qqElements.keyboard, keyboard, '')
  },
  /**
   * Markdown by template.
   *
   * @throws MynahError `ELEMENT_INVALID` when a value is empty or has line breaks.
   */
  markdown: (markdown: Markdown): Element => {
    checkParams(markdown)
    return withData(qqElements.markdown, markdown, '')
  },
  /** Fields that are merged into the body of the send call as they are. */
  raw: (fields: Readonly<Record<string, unknown>>): Element => withData(qqElements.raw, fields, ''),
} as const

const maxRows = 5
const maxButtons = 5
const maxLabel = 10

/** Refuses what the platform would. */
export function checkKeyboard({ content }: Keyboard): void {
  const rows = content?.rows ?? []
  if (rows.length > maxRows) throw invalid(`A keyboard has at most ${maxRows} rows, not ${rows.length}.`)
  for (const { buttons } of rows) {
    if (buttons.length > maxButtons)
      throw invalid(`A row has at most ${maxButtons} buttons, not ${buttons.length}.`)
    for (const { render_data: look } of buttons) {
      if (Array.from(look.label).length <= maxLabel) continue
      throw invalid(`The label "${look.label}" has more than ${maxLabel} characters.`)
    }
  }
}

/** Refuses template values that the platform would refuse. */
export function checkParams({ params }: Markdown): void {
  for (const { key, values } of params ?? []) {
    for (const text of values) {
      if (text === '') throw invalid(`The template value ${key} is empty; send a space.`)
      if (/[\r\n]/.test(text)) throw invalid(`The template value ${key} has a line break.`)
    }
  }
}

function invalid(detail: string): MynahError {
  return new MynahError('ELEMENT_INVALID', detail)
}
