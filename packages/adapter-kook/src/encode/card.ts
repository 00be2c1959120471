import { defined, isRecord, readJson } from '@mynah/adapter-kit'
import { type Element, type ElementOf, type ElementType, isElement, MynahError, plainText } from '@mynah/core'

import type {
  ButtonTheme,
  Card,
  CardButton,
  CardImage,
  CardModule,
  CardText,
  Paragraph,
} from '../wire/card.ts'
import { encodeLink } from '../wire/kmarkdown.ts'
import { cardLimits } from './check-cards.ts'
import { encodeKMarkdown } from './kmarkdown.ts'
import { mediaSource, mediaTitle } from './media-source.ts'
import { splitKMarkdown } from './split.ts'

type ModuleEncoder<K extends ElementType> = (node: ElementOf<K>) => readonly CardModule[]

/** How elements stand in a card; runs of text, images and buttons are gathered by {@link encodeModules}. */
const encoders: { readonly [K in ElementType]?: ModuleEncoder<K> } = {
  video: ({ attrs }) => [{ type: 'video', src: mediaSource(attrs), title: mediaTitle(attrs) ?? 'video' }],
  audio: ({ attrs }) => [{ type: 'audio', src: mediaSource(attrs), title: mediaTitle(attrs) ?? 'audio' }],
  file: ({ attrs }) => [{ type: 'file', src: mediaSource(attrs), title: mediaTitle(attrs) ?? 'file' }],
  'kook-header': (node) => [
    { type: 'header', text: { type: 'plain-text', content: plainText(node.children) } },
  ],
  'kook-section': (node) => [encodeSection(node)],
  'kook-context': (node) => [encodeContext(node)],
  'kook-divider': () => [{ type: 'divider' }],
  'kook-container': (node) => [{ type: 'container', elements: imagesIn(node) }],
  'kook-image-group': (node) => [{ type: 'image-group', elements: imagesIn(node) }],
  'kook-countdown': ({ attrs: { mode, end, start } }) => [
    { type: 'countdown', mode, endTime: end, ...defined({ startTime: start }) },
  ],
  'kook-invite': ({ attrs }) => [{ type: 'invite', code: attrs.code }],
  'raw:kook': ({ attrs }) => [rawModule(attrs.json)],
}

function isPicture(node: Element): boolean {
  return node.type === 'image' || node.type === 'kook-image'
}

type Kind = 'picture' | 'button' | 'module' | 'text'

/** Makes modules of content, in order: text becomes sections, pictures groups, buttons rows. */
export function encodeModules(elements: readonly Element[]): CardModule[] {
  return runs(elements).flatMap(({ kind, nodes }) => encodeRun[kind](nodes))
}

const encodeRun: Readonly<Record<Kind, (nodes: readonly Element[]) => readonly CardModule[]>> = {
  picture: encodePictures,
  button: encodeButtons,
  module: (nodes) => nodes.filter(isKnown).flatMap(encodeOne),
  text: encodeTexts,
}

/** Neighbours that go into the same modules. */
function runs(elements: readonly Element[]): { readonly kind: Kind; readonly nodes: Element[] }[] {
  const result: { readonly kind: Kind; readonly nodes: Element[] }[] = []
  for (const node of elements) {
    const kind = kindOf(node)
    const last = result.at(-1)
    const isBlank = isElement(node, 'text') && node.attrs.content.trim() === ''
    // A line break between two pictures keeps them together.
    if (isBlank && (last?.kind === 'picture' || last?.kind === 'button')) continue
    if (last?.kind === kind) last.nodes.push(node)
    else result.push({ kind, nodes: [node] })
  }
  return result
}

function kindOf(node: Element): Kind {
  if (isPicture(node)) return 'picture'
  if (node.type === 'button' || node.type === 'button-group') return 'button'
  return isKnown(node) ? 'module' : 'text'
}

function isKnown(node: Element): node is ElementOf<ElementType> {
  return Object.hasOwn(encoders, node.type)
}

function encodeOne<K extends ElementType>(node: ElementOf<K>): readonly CardModule[] {
  return encoders[node.type]?.(node) ?? []
}

function encodeTexts(run: readonly Element[]): CardModule[] {
  const source = encodeKMarkdown(run).trim()
  return splitKMarkdown(source, cardLimits.kmarkdownCharacters).map((content) => ({
    type: 'section',
    text: { type: 'kmarkdown', content },
  }))
}

function encodePictures(run: readonly Element[]): CardModule[] {
  const images = run.map(encodeImage)
  if (images.length === 1) return [{ type: 'container', elements: images }]
  return chunks(images, cardLimits.images).map((elements) => ({ type: 'image-group', elements }))
}

function encodeButtons(run: readonly Element[]): CardModule[] {
  const rows = run.map((node) => (node.type === 'button-group' ? node.children : [node]))
  const groups: Element[][] = []
  for (const [index, row] of rows.entries()) {
    const isBare = run[index]?.type === 'button'
    if (isBare && run[index - 1]?.type === 'button') groups.at(-1)?.push(...row)
    else groups.push([...row])
  }
  return groups
    .map((group) => group.filter((node) => isElement(node, 'button')).map(encodeButton))
    .flatMap((buttons) => chunks(buttons, cardLimits.buttons))
    .map((elements) => ({ type: 'action-group', elements }))
}

function encodeSection(node: ElementOf<'kook-section'>): CardModule<'section'> {
  const accessory = node.children.find((child) => isPicture(child) || child.type === 'button')
  const paragraph = node.children.find((child) => isElement(child, 'kook-paragraph'))
  const rest = node.children.filter((child) => child !== accessory)
  const { mode } = node.attrs
  return {
    type: 'section',
    ...defined({ mode }),
    text: paragraph === undefined ? kmarkdown(rest) : encodeParagraph(paragraph),
    ...defined({ accessory: accessory && encodeAccessory(accessory) }),
  }
}

function encodeAccessory(node: Element): CardImage | CardButton {
  return isElement(node, 'button') ? encodeButton(node) : encodeImage(node)
}

function encodeParagraph(node: ElementOf<'kook-paragraph'>): Paragraph {
  const fields = node.children.filter((child) => child.type === 'kook-field')
  const texts = fields.map((field) => kmarkdown(field.children))
  return { type: 'paragraph', cols: node.attrs.cols, fields: texts }
}

function encodeContext(node: Element): CardModule<'context'> {
  const elements = runs(node.children).flatMap(({ kind, nodes }): (CardText | CardImage)[] => {
    if (kind === 'picture') return nodes.map(encodeImage)
    return kind === 'module' ? nodes.map((one) => kmarkdown([one])) : [kmarkdown(nodes)]
  })
  return { type: 'context', elements }
}

function kmarkdown(elements: readonly Element[]): CardText {
  return { type: 'kmarkdown', content: encodeKMarkdown(elements).trim() }
}

function imagesIn(node: Element): CardImage[] {
  return node.children.filter(isPicture).map(encodeImage)
}

function encodeImage(node: Element): CardImage {
  if (isElement(node, 'kook-image')) {
    const { src, alt, size, circle, fallback } = node.attrs
    return { type: 'image', src, ...defined({ alt, size, circle, fallbackUrl: fallback }) }
  }
  return { type: 'image', src: isElement(node, 'image') ? mediaSource(node.attrs) : '' }
}

const buttonThemes: ReadonlySet<unknown> = new Set<ButtonTheme>(['primary', 'secondary', 'danger', 'success'])

function encodeButton(node: ElementOf<'button'>): CardButton {
  const { type = 'action', id, href, text, theme } = node.attrs
  const label = plainText(node.children) || text || id || href || ''
  const isLink = type === 'link'
  return {
    type: 'button',
    theme: theme !== undefined && buttonThemes.has(theme) ? theme : 'primary',
    click: isLink ? 'link' : 'return-val',
    value: (isLink ? href : (id ?? text)) ?? label,
    text: { type: 'plain-text', content: label },
  }
}

/** A card of an explicit element; nothing of it is split, so that its limits are for the author to keep. */
export function encodeCard(node: ElementOf<'kook-card'>): Card {
  const { theme, color, size } = node.attrs
  return { type: 'card', ...defined({ theme, color, size }), modules: encodeModules(node.children) }
}

/** The modules of a card in the common vocabulary. */
export function encodeCommonCard({ attrs, children }: ElementOf<'card'>): CardModule[] {
  const modules = encodeModules(children)
  if (attrs.title !== undefined) {
    const title = attrs.title.slice(0, cardLimits.headerCharacters)
    modules.unshift({ type: 'header', text: { type: 'plain-text', content: title } })
  }
  if (attrs.href !== undefined) modules.push(linkSection(attrs.href))
  return modules
}

function linkSection(href: string): CardModule<'section'> {
  return { type: 'section', text: { type: 'kmarkdown', content: encodeLink(href, href) } }
}

function rawModule(json: string): CardModule {
  const module = readJson(json)
  if (!isRecord(module)) throw new MynahError('ELEMENT_INVALID', 'raw:kook holds no JSON object.')
  // It may have come from a chat, which must not name files of this machine.
  if (/"(?:src|cover)":"(?!https?:\/\/)[^"]/i.test(JSON.stringify(module))) {
    throw new MynahError(
      'ELEMENT_INVALID',
      'raw:kook names media that is not on the web; use an element for it.',
    )
  }
  // Whatever it is, the platform sent it, or its author answers for it.
  return module as unknown as CardModule
}

/** Cuts a list into pieces of at most `size`. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  const result: T[][] = []
  for (let start = 0; start < list.length; start += size) result.push(list.slice(start, start + size))
  return result
}
