import { type Content, type Element, element, isElement, text, toElements } from '@mynah/core'

import { filled, isRecord, parseJson } from '../wire/read.ts'
import { decodeKMarkdown, type MentionNames } from './kmarkdown.ts'

type Fields = Readonly<Record<string, unknown>>
type ModuleDecoder = (module: Fields, names: MentionNames) => Content

/**
 * Reads a card message. What users write together with pictures is a card without a frame, which becomes its
 * content; other cards stay cards. Modules that have no element are kept as `raw:kook`.
 *
 * @param source - JSON of the cards.
 * @returns `undefined` when it is no card message.
 */
export function decodeCards(source: string, names: MentionNames = {}): Element[] | undefined {
  const cards = parseJson(source)
  if (!Array.isArray(cards) || !cards.every(isRecord)) return undefined
  return toElements(cards.map((card: Fields) => decodeCard(card, names)))
}

function decodeCard(card: Fields, names: MentionNames): Content {
  const modules = listOf(card['modules'])
  if (card['theme'] === 'invisible')
    return unfold(toElements(modules.map((module) => decodeModule(module, names))))
  const [first] = modules
  const title = first?.['type'] === 'header' ? contentOf(first['text']) : undefined
  const rest = title === undefined ? modules : modules.slice(1)
  const color = typeof card['color'] === 'string' ? filled(card['color']) : undefined
  return element(
    'card',
    { ...(title === undefined ? {} : { title }), ...(color === undefined ? {} : { color }) },
    rest.map((module) => decodeModule(module, names)),
  )
}

/** What stands in paragraphs as plain content: it was a message, not a card, to who wrote it. */
function unfold(elements: readonly Element[]): Content[] {
  return elements.flatMap((node, index) => {
    if (!isElement(node, 'p')) return [node]
    return elements[index + 1]?.type === 'p' ? [...node.children, text('\n')] : node.children
  })
}

function decodeModule(module: Fields, names: MentionNames): Content {
  const { type } = module
  const decode = typeof type === 'string' ? decoders[type] : undefined
  return decode === undefined ? element('raw:kook', { json: JSON.stringify(module) }) : decode(module, names)
}

const pictures: ModuleDecoder = ({ elements }) => listOf(elements).map(decodeImage)

const media =
  (type: 'file' | 'audio' | 'video'): ModuleDecoder =>
  ({ src, title, size, duration, width, height }) =>
    element(type, {
      src: webAddress(src),
      ...(typeof title === 'string' && title !== '' ? { title } : {}),
      ...numbers({ size, duration, width, height }),
    })

const decoders: Readonly<Record<string, ModuleDecoder | undefined>> = {
  header: ({ text }, names) => element('p', {}, element('b', {}, decodeText(text, names))),
  section: ({ text, accessory }, names) => {
    const content = element('p', {}, decodeText(text, names))
    if (!isRecord(accessory)) return content
    return [content, accessory['type'] === 'button' ? decodeButton(accessory) : decodeImage(accessory)]
  },
  context: ({ elements }, names) =>
    element(
      'p',
      {},
      (Array.isArray(elements) ? elements : []).map((part: unknown) =>
        isRecord(part) && part['type'] === 'image' ? decodeImage(part) : decodeText(part, names),
      ),
    ),
  'image-group': pictures,
  container: pictures,
  'action-group': ({ elements }) => element('button-group', {}, listOf(elements).map(decodeButton)),
  file: media('file'),
  audio: media('audio'),
  video: media('video'),
}

function decodeText(text: unknown, names: MentionNames): Content {
  if (isRecord(text) && text['type'] === 'paragraph') {
    const fields = Array.isArray(text['fields']) ? text['fields'] : []
    return fields.map((field: unknown) => element('p', {}, decodeText(field, names)))
  }
  const content = contentOf(text)
  return isRecord(text) && text['type'] === 'kmarkdown' ? decodeKMarkdown(content, names) : content
}

/** Only web addresses: what a chat names must never lead to a file of this machine. */
function webAddress(src: unknown): string {
  return typeof src === 'string' && /^https?:\/\//i.test(src) ? src : ''
}

function decodeImage({ src, alt }: Fields): Element {
  return element('image', {
    src: webAddress(src),
    ...(typeof alt === 'string' && alt !== '' ? { title: alt } : {}),
  })
}

function decodeButton({ value, click, text }: Fields): Element {
  const label = contentOf(text)
  const data = typeof value === 'string' ? value : ''
  return click === 'link'
    ? element('button', { type: 'link', href: data }, label)
    : element('button', { id: data }, label)
}

function contentOf(text: unknown): string {
  const content = isRecord(text) ? text['content'] : text
  return typeof content === 'string' ? content : ''
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** Numbers that say something; the platform fills unknown sizes with 0. */
function numbers(fields: Readonly<Record<string, unknown>>): Record<string, number> {
  const result: Record<string, number> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'number' && value > 0) result[name] = value
  }
  return result
}
