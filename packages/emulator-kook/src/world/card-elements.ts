import { isJsonObject, type JsonObject } from '@mynah/emulator-kit'
import { badContent } from '../calls/refusal.ts'

/** A text of a card, in reading order. */
export interface CardText {
  kind: 'kmarkdown' | 'plain'
  content: string
}

/** What checking a card depends on. */
export interface CardRules {
  /** Milliseconds since the epoch; countdowns may not end before. */
  now: number
  /** Whether media at this URL can be shown. */
  isUsableMedia(url: string): boolean
}

/** Where readers leave the texts they meet. */
export interface CardReader {
  readonly texts: CardText[]
  readonly rules: CardRules
}

const sizes = new Set(['xs', 'sm', 'md', 'lg'])
const buttonThemes = new Set(['primary', 'success', 'danger', 'warning', 'info', 'secondary', 'none'])

/** A plain-text element, or the bare string that may stand for one. */
export function readPlainText(element: unknown, reader: CardReader, limit = 2000): JsonObject {
  const object = typeof element === 'string' ? { type: 'plain-text', content: element } : element
  if (!isJsonObject(object) || object.type !== 'plain-text') throw badContent('plain-text was expected here')
  const { content, emoji = true } = object
  if (typeof content !== 'string') throw badContent('a text element needs content')
  if (content.length > limit) throw badContent(`more than ${limit} characters of plain-text`)
  if (typeof emoji !== 'boolean') throw badContent('emoji is true or false')
  reader.texts.push({ kind: 'plain', content })
  return { type: 'plain-text', emoji, content, elements: [] }
}

/** A plain-text or kmarkdown element. */
export function readText(element: unknown, reader: CardReader): JsonObject {
  if (!isJsonObject(element) || element.type !== 'kmarkdown') return readPlainText(element, reader)
  const { content } = element
  if (typeof content !== 'string') throw badContent('a text element needs content')
  if (content.length > 5000) throw badContent('more than 5000 characters of kmarkdown')
  reader.texts.push({ kind: 'kmarkdown', content })
  return { type: 'kmarkdown', content, elements: [] }
}

export function readParagraph(element: JsonObject, reader: CardReader): JsonObject {
  const { cols, fields } = element
  if (cols !== 1 && cols !== 2 && cols !== 3) throw badContent('a paragraph has 1 to 3 columns')
  if (!Array.isArray(fields)) throw badContent('a paragraph needs fields')
  if (fields.length > 50) throw badContent('more than 50 fields')
  return { type: 'paragraph', cols, fields: fields.map((field: unknown) => readText(field, reader)) }
}

export function readImage(element: unknown, reader: CardReader): JsonObject {
  if (!isJsonObject(element) || element.type !== 'image') throw badContent('an image was expected here')
  const { src, alt = '', size = 'lg', circle = false, fallbackUrl } = element
  if (typeof src !== 'string') throw badContent('an image needs src')
  if (typeof alt !== 'string' || alt.length > 20) throw badContent('more than 20 characters of alt text')
  if (typeof size !== 'string' || !sizes.has(size)) throw badContent('unknown image size')
  if (typeof circle !== 'boolean') throw badContent('circle is true or false')
  const shown = [src, fallbackUrl].find((url) => typeof url === 'string' && reader.rules.isUsableMedia(url))
  if (shown === undefined) throw badContent('the image is not a resource of this platform')
  reader.texts.push({ kind: 'plain', content: '[图片]' })
  return { type: 'image', src: shown, alt, size, circle }
}

export function readButton(element: unknown, reader: CardReader): JsonObject {
  if (!isJsonObject(element) || element.type !== 'button') throw badContent('a button was expected here')
  const { theme = 'primary', value = '', click = '' } = element
  if (typeof theme !== 'string' || !buttonThemes.has(theme)) throw badContent('unknown button theme')
  if (typeof value !== 'string') throw badContent('the value of a button is a string')
  if (click !== '' && click !== 'link' && click !== 'return-val')
    throw badContent('unknown click of a button')
  if (click === 'link' && !/^https?:\/\//.test(value)) throw badContent('a link button needs an http(s) URL')
  const before = reader.texts.length
  const text = readText(element.text, reader)
  // What is written on a button is no part of the text of a message.
  reader.texts.length = before
  const label = typeof text.content === 'string' ? text.content : ''
  if (label === '' || label.length > 40) throw badContent('the text of a button has 1 to 40 characters')
  return { type: 'button', theme, value, click, text }
}
