import {
  type AttributeValue,
  type Content,
  type Element,
  type ElementOf,
  type ElementType,
  isElement,
  plainText,
  text,
  toElements,
} from './element.ts'
import { markdownToText } from './markdown.ts'
import { isShown, type MessageSupport } from './support.ts'

/** One message being rewritten. */
interface Task {
  readonly support: MessageSupport
  /** Buttons that became numbers so far. */
  buttons: number
}

type Fallback<K extends ElementType> = (node: ElementOf<K>, task: Task) => Content

/** An attribute as text; messages in text form may lack what their types promise. */
const shown = (value: AttributeValue | undefined): string => (value === undefined ? '' : String(value))

const media =
  (kind: string) =>
  ({ attrs }: ElementOf<'image' | 'audio' | 'video' | 'file'>): Content => {
    const label = attrs.title === undefined ? `[${kind}]` : `[${kind}: ${attrs.title}]`
    const source = shown(attrs.src)
    return /^https?:/i.test(source) ? `${label} ${source}` : label
  }

const children = (node: Element, task: Task): Content => rewrite(node.children, task)

/** What becomes of an element that a platform does not show. */
const fallbacks: { readonly [K in ElementType]?: Fallback<K> } = {
  at: ({ attrs }) => `@${shown(attrs.name ?? attrs.type ?? attrs.id ?? attrs.role)}`,
  sharp: ({ attrs }) => `#${shown(attrs.name ?? attrs.id)}`,
  emoji: ({ attrs }) => `[${shown(attrs.name ?? attrs.id)}]`,
  a: (node, task) => {
    const href = shown(node.attrs.href)
    const label = rewrite(node.children, task)
    if (label.length === 0 || (label.length === 1 && plainText(label) === href)) return href
    return [label, href === '' ? '' : ` (${href})`]
  },
  image: media('image'),
  audio: media('audio'),
  video: media('video'),
  file: media('file'),
  b: children,
  i: children,
  u: children,
  s: children,
  spoiler: children,
  code: children,
  pre: children,
  p: children,
  br: () => '\n',
  quote: (node, task) => (node.children.length === 0 ? undefined : cited(rewrite(node.children, task))),
  markdown: ({ attrs }) => markdownToText(shown(attrs.content)),
  button: (node, task) => {
    const { type, text: typed, id, href } = node.attrs
    const label = plainText(node.children) || shown(typed ?? id)
    if (type === 'link') return label === '' ? shown(href) : `${label}: ${shown(href)}`
    task.buttons += 1
    return `${task.buttons}. ${label}`
  },
  'button-group': children,
  card: (node, task) => [
    node.attrs.title === undefined ? '' : `【${node.attrs.title}】\n`,
    rewrite(node.children, task),
    node.attrs.href === undefined ? '' : `\n${node.attrs.href}`,
  ],
  message: children,
  author: ({ attrs }) => `${shown(attrs.name ?? attrs.id)}: `,
  location: ({ attrs: { title, address, latitude, longitude } }) =>
    `[${[title, address].filter(Boolean).join(', ') || 'location'}] ${shown(latitude)},${shown(longitude)}`,
}

/** Elements whose fallback stands on lines of its own. */
const blocks: ReadonlySet<string> = new Set(['p', 'pre', 'quote', 'button', 'card', 'message'])

/**
 * Rewrites a message to what a platform can show. An element without support becomes its fallback (media a
 * link or a label, buttons a numbered list, Markdown text, a card its content), never an error and never
 * silence. The same array comes back when nothing has to change.
 */
export function degrade(elements: readonly Element[], support: MessageSupport): readonly Element[] {
  return rewrite(elements, { support, buttons: 0 })
}

function rewrite(elements: readonly Element[], task: Task): readonly Element[] {
  if (elements.every((node) => isSupported(node, task.support))) return elements
  const lines = new Lines()
  for (const node of elements) {
    const content = rewriteOne(node, task)
    if (isBlock(node, task.support)) lines.addBlock(content)
    else lines.add(content)
  }
  return toElements(lines.content)
}

function isBlock({ type }: Element, { elements }: MessageSupport): boolean {
  if (elements.includes(type)) return false
  return blocks.has(type) || (type === 'button-group' && !elements.includes('button'))
}

function isSupported(node: Element, support: MessageSupport): boolean {
  return (
    node.type === 'text' ||
    (isShown(node.type, support) && node.children.every((child) => isSupported(child, support)))
  )
}

function rewriteOne(node: Element, task: Task): Content {
  if (node.type === 'text') return node
  if (isShown(node.type, task.support)) return { ...node, children: rewrite(node.children, task) }
  const content = isKnown(node) ? applyFallback(node, task) : undefined
  if (content !== undefined && content !== '') return content
  if (node.children.length > 0) return rewrite(node.children, task)
  return isKnown(node) ? undefined : `[${node.type}]`
}

function isKnown(node: Element): node is ElementOf<ElementType> {
  return Object.hasOwn(fallbacks, node.type)
}

function applyFallback<K extends ElementType>(node: ElementOf<K>, task: Task): Content {
  return fallbacks[node.type]?.(node, task)
}

/** Content in which blocks are set apart from what is around them, by one line break each. */
class Lines {
  readonly #parts: Element[] = []
  #needsBreak = false

  get content(): Content {
    return this.#parts
  }

  add(content: Content): void {
    this.#append(toElements(content), false)
  }

  addBlock(content: Content): void {
    const elements = toElements(content)
    if (elements.length === 0) return
    this.#append(elements, true)
    this.#needsBreak = !isAtLineStart(elements)
  }

  #append(elements: readonly Element[], isBlock: boolean): void {
    const [first] = elements
    if (first === undefined) return
    const isApart = this.#parts.length === 0 || isAtLineStart(this.#parts)
    if ((this.#needsBreak || (isBlock && !isApart)) && !shown(first.attrs['content']).startsWith('\n')) {
      this.#parts.push(text('\n'))
    }
    this.#needsBreak = false
    this.#parts.push(...elements)
  }
}

function isAtLineStart(elements: readonly Element[]): boolean {
  const last = elements.at(-1)
  return last !== undefined && isElement(last, 'text') && last.attrs.content.endsWith('\n')
}

/** Marks every line as somebody else's words. */
function cited(elements: readonly Element[]): Content {
  return [
    '> ',
    elements.map((node) =>
      isElement(node, 'text') ? text(node.attrs.content.replaceAll('\n', '\n> ')) : node,
    ),
  ]
}
