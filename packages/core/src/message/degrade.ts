import {
  type Content,
  type Element,
  element,
  type ElementOf,
  type ElementType,
  isElement,
  plainText,
  text,
  toElements,
} from './element.ts'

/** At most `count` messages within any stretch of `perMs`. */
export interface SendRate {
  readonly count: number
  readonly perMs: number
}

/** What an adapter can put on the wire; everything else is rewritten to something it can. */
export interface MessageSupport {
  /** Element types that the platform shows by itself; `text` always counts. */
  readonly elements: ReadonlySet<string>
  /** Most characters (UTF-16 units) of text in one message. @defaultValue no limit */
  readonly maxTextLength?: number
  /** How fast messages may leave; those that are faster wait, first come, first served. @defaultValue no limit */
  readonly rateLimit?: {
    /** In each conversation. */
    readonly perChannel?: SendRate
    /** In all conversations of the account together. */
    readonly total?: SendRate
  }
}

type Fallback<K extends ElementType> = (node: ElementOf<K>, support: MessageSupport) => Content

const media =
  (kind: string) =>
  ({ attrs }: ElementOf<'image' | 'audio' | 'video' | 'file'>): Content => {
    const label = attrs.title === undefined ? `[${kind}]` : `[${kind}: ${attrs.title}]`
    return /^https?:/i.test(attrs.src) ? `${label} ${attrs.src}` : label
  }

const children = (node: Element, support: MessageSupport): Content => degrade(node.children, support)
const block = (node: Element, support: MessageSupport): Content => [
  '\n',
  degrade(node.children, support),
  '\n',
]

const fallbacks: { [K in ElementType]?: Fallback<K> } = {
  at: ({ attrs }) =>
    `@${attrs.name ?? (attrs.type === undefined ? (attrs.id ?? attrs.role ?? '') : attrs.type)}`,
  sharp: ({ attrs }) => `#${attrs.name ?? attrs.id}`,
  emoji: ({ attrs }) => `[${attrs.name ?? attrs.id}]`,
  a: (node, support) => {
    const label = plainText(node.children)
    if (label === '' || label === node.attrs.href) return node.attrs.href
    return [degrade(node.children, support), ` (${node.attrs.href})`]
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
  pre: block,
  p: block,
  br: () => '\n',
  quote: () => undefined,
  markdown: ({ attrs }) => markdownToText(attrs.content),
  card: (node, support) => [
    node.attrs.title === undefined ? '' : `【${node.attrs.title}】\n`,
    degrade(node.children, support),
    node.attrs.href === undefined ? '' : `\n${node.attrs.href}`,
  ],
  message: (node, support) => [...degrade(node.children, support), '\n'],
  author: ({ attrs }) => `${attrs.name ?? attrs.id ?? ''}: `,
  location: ({ attrs }) =>
    `[${[attrs.title, attrs.address].filter(Boolean).join(', ') || 'location'}] ${attrs.latitude},${attrs.longitude}`,
}

/**
 * Rewrites a message to what a platform can show. An element without support becomes its fallback (media a
 * link or a label, buttons a numbered list, Markdown text, a card its content), never an error and never
 * silence. The same array comes back when nothing has to change.
 */
export function degrade(elements: readonly Element[], support: MessageSupport): readonly Element[] {
  if (elements.every((node) => isSupported(node, support))) return elements
  return toElements(numberButtons(elements, support).map((node) => degradeOne(node, support)))
}

function isSupported(node: Element, support: MessageSupport): boolean {
  return (
    node.type === 'text' ||
    (support.elements.has(node.type) && node.children.every((child) => isSupported(child, support)))
  )
}

function degradeOne(node: Element, support: MessageSupport): Content {
  if (node.type === 'text') return node
  if (support.elements.has(node.type)) {
    return { ...node, children: degrade(node.children, support) }
  }
  if (isKnown(node)) return applyFallback(node, support)
  if (node.children.length > 0) return degrade(node.children, support)
  return `[${node.type}]`
}

function isKnown(node: Element): node is ElementOf<ElementType> {
  return Object.hasOwn(fallbacks, node.type)
}

function applyFallback<K extends ElementType>(node: ElementOf<K>, support: MessageSupport): Content {
  return fallbacks[node.type]?.(node, support)
}

/** Numbers the buttons of a whole message, so that people can answer with a number. */
function numberButtons(elements: readonly Element[], support: MessageSupport): readonly Element[] {
  if (support.elements.has('button')) return elements
  let count = 0
  const replace = (nodes: readonly Element[]): Element[] =>
    nodes.flatMap((node): Element[] => {
      if (isElement(node, 'button')) return [text(buttonLine(node, () => (count += 1)))]
      if (node.type === 'button-group') return replace(node.children)
      return node.children.length === 0 ? [node] : [element(node.type, node.attrs, replace(node.children))]
    })
  return replace(elements)
}

function buttonLine(node: ElementOf<'button'>, next: () => number): string {
  const label = plainText(node.children) || node.attrs.text || node.attrs.id || ''
  if (node.attrs.type === 'link') return `\n${label}: ${node.attrs.href ?? ''}`
  return `\n${next()}. ${label}`
}

/** Takes the marks out of Markdown and keeps the words, link targets included. */
export function markdownToText(source: string): string {
  return source
    .replaceAll(/^```[^\n]*\n?|^~~~[^\n]*\n?/gm, '')
    .replaceAll(
      /!\[([^\]\n]*)\]\(([^)\s]+)[^)\n]*\)/g,
      (_, label: string, href: string) => `[image${label && `: ${label}`}] ${href}`,
    )
    .replaceAll(/\[([^\]\n]*)\]\(([^)\s]+)[^)\n]*\)/g, '$1 ($2)')
    .replaceAll(/^\s{0,3}#{1,6}\s+/gm, '')
    .replaceAll(/^\s{0,3}>\s?/gm, '')
    .replaceAll(/(\*\*|__|~~)(?=\S)([^\n]*?\S)\1/g, '$2')
    .replaceAll(/(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])/g, '$1')
    .replaceAll(/`([^`\n]+)`/g, '$1')
}
