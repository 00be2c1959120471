import { defined, isRecord, readJson, readRecords, readText } from '@mynah/adapter-kit'
import { type Content, type Element, element, isElement, text, toElements } from '@mynah/core'

import { numbers } from '../wire/read.ts'
import { decodeKMarkdown, type Mentions } from './kmarkdown.ts'

type Fields = Readonly<Record<string, unknown>>
type ModuleDecoder = (module: Fields, mentions: Mentions) => Content

/**
 * Reads a card message. What users write together with pictures is a card without a frame, which becomes its
 * content; other cards stay cards. Modules that have no element are kept as `raw:kook`.
 *
 * @param source - JSON of the cards.
 * @returns `undefined` when it is no card message.
 */
export function decodeCards(source: string, mentions: Mentions = {}): Element[] | undefined {
  const cards = readJson(source)
  if (!Array.isArray(cards) || !cards.every(isRecord)) return undefined
  return toElements(cards.map((card: Fields) => decodeCard(card, mentions)))
}

function decodeCard(card: Fields, mentions: Mentions): Content {
  const modules = readRecords(card['modules'])
  if (card['theme'] === 'invisible')
    return unfold(toElements(modules.map((module) => decodeModule(module, mentions))))
  const [first] = modules
  const title = first?.['type'] === 'header' ? contentOf(first['text']) : undefined
  const rest = title === undefined ? modules : modules.slice(1)
  const color = typeof card['color'] === 'string' ? readText(card['color']) : undefined
  return element(
    'card',
    defined({ title, color }),
    rest.map((module) => decodeModule(module, mentions)),
  )
}

/** What stands in paragraphs as plain content: it was a message, not a card, to who wrote it. */
function unfold(elements: readonly Element[]): Content[] {
  return elements.flatMap((node, index) => {
    if (!isElement(node, 'p')) return [node]
    return elements[index + 1]?.type === 'p' ? [...node.children, text('\n')] : node.children
  })
}

function decodeModule(module: Fields, mentions: Mentions): Content {
  const { type } = module
  const decode = typeof type === 'string' && Object.hasOwn(decoders, type) ? decoders[type] : undefined
  return decode === undefined ? rawModule(module, mentions) : decode(module, mentions)
}

/** As it came, but for mentions of everybody that the platform did not make. */
function rawModule(module: Fields, mentions: Mentions): Element {
  const json = JSON.stringify(module).replaceAll(/\(met\)(?:all|here)\(met\)/g, (tag) =>
    mentions[tag === '(met)all(met)' ? 'all' : 'here'] === true ? tag : '',
  )
  return element('raw:kook', { json })
}

const pictures: ModuleDecoder = ({ elements }) => readRecords(elements).map(decodeImage)

const media =
  (type: 'file' | 'audio' | 'video'): ModuleDecoder =>
  ({ src, title, size, duration, width, height }) =>
    element(type, {
      ...webSource(src),
      ...(typeof title === 'string' && title !== '' ? { title } : {}),
      ...numbers({ size, duration, width, height }),
    })

const decoders: Readonly<Record<string, ModuleDecoder | undefined>> = {
  header: ({ text }, mentions) => element('p', {}, element('b', {}, decodeText(text, mentions))),
  section: ({ text, accessory }, mentions) => {
    const content = element('p', {}, decodeText(text, mentions))
    if (!isRecord(accessory)) return content
    return [content, accessory['type'] === 'button' ? decodeButton(accessory) : decodeImage(accessory)]
  },
  context: ({ elements }, mentions) =>
    element(
      'p',
      {},
      (Array.isArray(elements) ? elements : []).map((part: unknown) =>
        isRecord(part) && part['type'] === 'image' ? decodeImage(part) : decodeText(part, mentions),
      ),
    ),
  'image-group': pictures,
  container: pictures,
  'action-group': ({ elements }) => element('button-group', {}, readRecords(elements).map(decodeButton)),
  file: media('file'),
  audio: media('audio'),
  video: media('video'),
}

function decodeText(text: unknown, mentions: Mentions): Content {
  if (isRecord(text) && text['type'] === 'paragraph') {
    const fields = Array.isArray(text['fields']) ? text['fields'] : []
    return fields.map((field: unknown) => element('p', {}, decodeWords(field, mentions)))
  }
  return decodeWords(text, mentions)
}

function decodeWords(text: unknown, mentions: Mentions): Content {
  const content = contentOf(text)
  return isRecord(text) && text['type'] === 'kmarkdown' ? decodeKMarkdown(content, mentions) : content
}

/** Only web addresses: what a chat names must never lead to a file of this machine. */
function webSource(src: unknown): { src?: string } {
  return typeof src === 'string' && /^https?:\/\//i.test(src) ? { src } : {}
}

function decodeImage({ src, alt }: Fields): Element {
  return element('image', {
    ...webSource(src),
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
