import { isJsonObject, parseJson, type JsonObject } from '@mynah/emulator-kit'
import { badContent } from '../calls/refusal.ts'
import {
  readButton,
  readImage,
  readParagraph,
  readPlainText,
  readText,
  type CardReader,
  type CardRules,
  type CardText,
} from './card-elements.ts'

/** What the server makes of a card message. */
export interface ReadCards {
  /** The JSON as the server stores and delivers it. */
  content: string
  texts: CardText[]
}

const themes = new Set(['primary', 'success', 'danger', 'warning', 'info', 'secondary', 'none', 'invisible'])
const invisibleModules = new Set([
  'context',
  'action-group',
  'divider',
  'header',
  'container',
  'section',
  'file',
  'audio',
  'video',
])

/**
 * Checks a card message and gives it the shape in which the server delivers it.
 *
 * @throws ApiRefusal 40011 naming the rule that is broken.
 * @see KOOK developer documentation, "卡片消息" (card messages).
 */
export function readCards(content: string, rules: CardRules): ReadCards {
  const cards = parseJson(content)
  if (!Array.isArray(cards)) throw badContent('a card message is a JSON array of cards')
  if (cards.length === 0) throw badContent('there is no card')
  if (cards.length > 5) throw badContent('more than 5 cards')
  const reader: CardReader = { texts: [], rules }
  const read: readonly JsonObject[] = cards.map((card: unknown) => readCard(card, reader))
  const modules = read.reduce(
    (count, card) => count + (Array.isArray(card.modules) ? card.modules.length : 0),
    0,
  )
  if (modules > 50) throw badContent('more than 50 modules')
  return { content: JSON.stringify(read), texts: reader.texts }
}

function readCard(card: unknown, reader: CardReader): JsonObject {
  if (!isJsonObject(card) || card.type !== 'card') throw badContent('a card has the type "card"')
  const { theme = 'primary', color = '', size = 'lg', modules } = card
  if (typeof theme !== 'string' || !themes.has(theme)) throw badContent('unknown card theme')
  if (typeof color !== 'string' || !/^(#[0-9a-f]{6})?$/i.test(color)) {
    throw badContent('a card colour looks like #aaaaaa')
  }
  if (size !== 'sm' && size !== 'lg') throw badContent('a card is sm or lg')
  if (!Array.isArray(modules)) throw badContent('a card needs modules')
  return {
    theme,
    color,
    size,
    expand: false,
    modules: modules.map((module: unknown) => readModule(module, theme, reader)),
    type: 'card',
  }
}

function readModule(module: unknown, theme: string, reader: CardReader): JsonObject {
  if (!isJsonObject(module) || typeof module.type !== 'string') throw badContent('a module needs a type')
  const read = moduleReaders[module.type]
  if (read === undefined) throw badContent(`unknown module ${module.type}`)
  if (theme === 'invisible' && !invisibleModules.has(module.type)) {
    throw badContent(`an invisible card cannot hold ${module.type}`)
  }
  if (theme === 'invisible' && module.accessory !== undefined && module.accessory !== null) {
    throw badContent('an invisible card cannot hold an accessory')
  }
  return { type: module.type, ...read(module, reader) }
}

type ModuleReader = (module: JsonObject, reader: CardReader) => JsonObject

const moduleReaders: Readonly<Record<string, ModuleReader>> = {
  header: (module, reader) => ({ text: readPlainText(module.text, reader, 100), elements: [] }),
  section: readSection,
  'image-group': (module, reader) => ({ elements: readImages(module, reader) }),
  container: (module, reader) => ({ elements: readImages(module, reader) }),
  'action-group': (module, reader) => ({
    elements: elementsOf(module, 1, 4).map((element) => readButton(element, reader)),
  }),
  context: (module, reader) => ({
    elements: elementsOf(module, 1, 10).map((element) =>
      isJsonObject(element) && element.type === 'image'
        ? readImage(element, reader)
        : readText(element, reader),
    ),
  }),
  divider: () => ({ elements: [] }),
  file: (module, reader) => readMedia(module, reader, '文件'),
  audio: (module, reader) => ({
    ...readMedia(module, reader, '音频'),
    cover: module.cover === undefined || module.cover === '' ? '' : mediaUrl(module.cover, reader),
  }),
  video: (module, reader) => readMedia(module, reader, '视频'),
  countdown: readCountdown,
  invite: (module) => {
    if (typeof module.code !== 'string' || module.code === '') throw badContent('an invite needs a code')
    return { code: module.code, elements: [] }
  },
}

function readSection(module: JsonObject, reader: CardReader): JsonObject {
  const { mode = 'right', accessory = null } = module
  if (mode !== 'left' && mode !== 'right') throw badContent('a section has its accessory left or right')
  const text =
    isJsonObject(module.text) && module.text.type === 'paragraph'
      ? readParagraph(module.text, reader)
      : readText(module.text, reader)
  return { mode, accessory: readAccessory(accessory, mode, reader), text, elements: [] }
}

function readAccessory(accessory: unknown, mode: string, reader: CardReader): unknown {
  if (accessory === null || (Array.isArray(accessory) && accessory.length === 0)) return null
  if (!isJsonObject(accessory)) throw badContent('an accessory is an image or a button')
  if (accessory.type === 'image') return readImage(accessory, reader)
  if (accessory.type !== 'button') throw badContent('an accessory is an image or a button')
  if (mode === 'left') throw badContent('a button accessory must be on the right')
  return readButton(accessory, reader)
}

function elementsOf(module: JsonObject, least: number, most: number): readonly unknown[] {
  const { elements } = module
  if (!Array.isArray(elements) || elements.length < least || elements.length > most) {
    throw badContent(`the module needs ${least} to ${most} elements`)
  }
  return elements
}

const readImages = (module: JsonObject, reader: CardReader): JsonObject[] =>
  elementsOf(module, 1, 9).map((element) => readImage(element, reader))

function readMedia(module: JsonObject, reader: CardReader, label: string): JsonObject {
  const { title = '' } = module
  if (typeof title !== 'string') throw badContent('a title is a text')
  const src = mediaUrl(module.src, reader)
  reader.texts.push({ kind: 'plain', content: `[${label}]${title}` })
  return { src, title, external: false, size: 0, canDownload: true, elements: [] }
}

function mediaUrl(url: unknown, reader: CardReader): string {
  if (typeof url !== 'string' || !reader.rules.isUsableMedia(url)) {
    throw badContent('the media is not a resource of this platform')
  }
  return url
}

function readCountdown(module: JsonObject, reader: CardReader): JsonObject {
  const { mode, endTime, startTime } = module
  if (mode !== 'day' && mode !== 'hour' && mode !== 'second') throw badContent('unknown countdown mode')
  if (typeof endTime !== 'number' || endTime < reader.rules.now) throw badContent('the countdown has ended')
  if (startTime === undefined) return { mode, endTime, elements: [] }
  if (mode !== 'second') throw badContent('startTime goes only with mode second')
  if (typeof startTime !== 'number' || startTime < reader.rules.now || startTime >= endTime) {
    throw badContent('startTime lies in the past or behind endTime')
  }
  return { mode, endTime, startTime, elements: [] }
}
