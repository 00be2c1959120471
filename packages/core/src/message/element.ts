import { MynahError } from '../errors/mynah-error.ts'

/** A value an attribute can hold; all of them survive JSON and the text form. */
export type AttributeValue = string | number | boolean

/**
 * One node of a message. Messages are trees of elements, and a plain text is an element of type `text`.
 * Elements are plain data: they can be stored, sent to another process and compared.
 */
export interface Element {
  /** Name of the element; see {@link ElementTypes}. */
  readonly type: string
  /** What is said about it. */
  readonly attrs: Readonly<Record<string, AttributeValue | undefined>>
  /** What is in it. */
  readonly children: readonly Element[]
}

/** A picture, sound, film or file: where it is, and what is known about it. */
export interface MediaAttributes {
  /**
   * `http(s):` or `data:` URL. Media that came from a platform without an address has none: its adapter keeps
   * what the platform gave in an attribute of its own, and can send it again.
   */
  src?: string
  /** Absolute path of a local file that the bot itself sends; only `file()` makes it, events never have it. */
  path?: string
  /** File name or alternative text. */
  title?: string
  /** Size in bytes. */
  size?: number
}

/**
 * The standard elements and their attributes; packages add their own by augmenting this interface.
 * The words are those of the Satori protocol where it has one.
 */
export interface ElementTypes {
  /** Words as they are; nothing in them is markup. */
  text: { content: string }
  /** Mentions a user (`id`), a role (`role`) or everybody (`type`). */
  at: { id?: string; name?: string; role?: string; type?: 'all' | 'here' }
  /** Mentions a channel. */
  sharp: { id: string; name?: string }
  /** One of the platform's own emoji. */
  emoji: { id: string; name?: string }
  /** A link; children are its label. */
  a: { href: string }
  /** A picture; sizes in pixels. */
  image: MediaAttributes & { width?: number; height?: number; summary?: string }
  /** A sound; `duration` in seconds. */
  audio: MediaAttributes & { duration?: number }
  /** A film; `duration` in seconds. */
  video: MediaAttributes & { width?: number; height?: number; duration?: number; poster?: string }
  /** Any other file. */
  file: MediaAttributes
  /** Bold. */
  b: object
  /** Italic. */
  i: object
  /** Underlined. */
  u: object
  /** Struck through. */
  s: object
  /** Hidden until it is touched. */
  spoiler: object
  /** Code within a line. */
  code: object
  /** A block of code; `lang` is the name of its language. */
  pre: { lang?: string }
  /** A new line. */
  br: object
  /** A paragraph. */
  p: object
  /** Answers the message `id`; children, where present, are what that message said. */
  quote: { id?: string }
  /** Text in the platform's dialect of Markdown. */
  markdown: { content: string }
  /** `action` buttons come back as `interaction/button` with `id`; `link` opens `href`; `input` types `text`. */
  button: {
    id?: string
    type?: 'action' | 'link' | 'input'
    href?: string
    text?: string
    theme?: 'primary' | 'secondary' | 'danger' | 'success'
    /** User ids that may press it, separated by spaces; everybody when absent. */
    for?: string
  }
  /** Buttons side by side. */
  'button-group': object
  /** A framed box; children are its content. */
  card: { title?: string; color?: string; href?: string }
  /** A message inside a forward, or a break between two messages. */
  message: { id?: string; forward?: boolean }
  /** Who said the surrounding `message`. */
  author: { id?: string; name?: string; avatar?: string }
  /** A place on a map, in degrees. */
  location: { latitude: number; longitude: number; title?: string; address?: string }
}

/** Name of a standard (or augmented) element. */
export type ElementType = keyof ElementTypes

/** The standard elements, for platforms that can show, or keep, all of them. */
export const standardElements: readonly ElementType[] = [
  'text',
  'at',
  'sharp',
  'emoji',
  'a',
  'image',
  'audio',
  'video',
  'file',
  'b',
  'i',
  'u',
  's',
  'spoiler',
  'code',
  'pre',
  'br',
  'p',
  'quote',
  'markdown',
  'button',
  'button-group',
  'card',
  'message',
  'author',
  'location',
]

/** An element whose type is known. */
export interface ElementOf<K extends ElementType> extends Element {
  /** Name of the element. */
  readonly type: K
  /** Typed by its name. */
  readonly attrs: Readonly<ElementTypes[K]> & Element['attrs']
}

/**
 * What can be sent: text (never parsed), numbers, elements, or any nesting of them. `null`, `undefined` and
 * booleans say nothing, so that `condition && <b>text</b>` works.
 */
export type Content = string | number | bigint | boolean | null | undefined | Element | readonly Content[]

const none: readonly Element[] = []

/** Makes an element. */
export function element<K extends ElementType>(
  type: K,
  attrs: ElementTypes[K],
  ...children: Content[]
): ElementOf<K>
export function element(type: string, attrs?: Element['attrs'], ...children: Content[]): Element
export function element(type: string, attrs: Element['attrs'] = {}, ...children: Content[]): Element {
  return { type, attrs, children: children.length === 0 ? none : toElements(children) }
}

/** Makes a text element. */
export function text(content: string): ElementOf<'text'> {
  return { type: 'text', attrs: { content }, children: none }
}

/** Narrows an element to one type. */
export function isElement<K extends ElementType>(value: Element, type: K): value is ElementOf<K> {
  return value.type === type
}

/**
 * Makes a message of content: flat, adjacent texts joined, empty texts left out.
 *
 * @throws MynahError `ELEMENT_INVALID` for what is no content, such as an object without `type` or a function.
 */
export function toElements(content: Content): Element[] {
  if (typeof content === 'string') return content === '' ? [] : [text(content)]
  const result: Element[] = []
  append(result, content)
  return result
}

function append(result: Element[], content: Content): void {
  if (content === null || content === undefined || typeof content === 'boolean') return
  if (Array.isArray(content)) {
    for (const item of content as readonly Content[]) append(result, item)
    return
  }
  if (typeof content === 'string' || typeof content === 'number' || typeof content === 'bigint') {
    return appendText(result, String(content))
  }
  if (!isElementLike(content)) throw noContent(content)
  if (content.type !== 'text') result.push(content)
  else if (content.attrs['content'] === undefined) append(result, content.children)
  else appendText(result, String(content.attrs['content']))
}

/** Whether a value has the parts of an element, whoever made it. */
function isElementLike(value: unknown): value is Element {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'attrs' in value &&
    typeof value.attrs === 'object' &&
    value.attrs !== null &&
    'children' in value &&
    Array.isArray(value.children)
  )
}

/**
 * Makes sure that elements are whole, down to the last child.
 *
 * @throws MynahError `ELEMENT_INVALID`.
 */
export function checkElements(elements: readonly unknown[]): void {
  for (const node of elements) {
    if (!isElementLike(node)) throw noContent(node)
    checkElements(node.children)
  }
}

function noContent(value: unknown): MynahError {
  return new MynahError(
    'ELEMENT_INVALID',
    `${describeValue(value)} cannot be sent; answer with text, an element such as segment.image(…), or a list of them.`,
  )
}

/** What a value is, in few words; never calls anything of it. */
function describeValue(value: unknown): string {
  if (typeof value === 'function') return 'A function'
  if (typeof value !== 'object' || value === null) return `A ${typeof value}`
  if (value instanceof Promise) return 'A promise that nobody awaited'
  if (Symbol.iterator in value) return 'A generator or collection'
  const keys = Object.keys(value).slice(0, 5)
  return keys.length === 0 ? 'An object without fields' : `An object with ${keys.join(', ')}`
}

function appendText(result: Element[], content: string): void {
  if (content === '') return
  const last = result.at(-1)
  if (last !== undefined && isElement(last, 'text')) {
    result[result.length - 1] = text(last.attrs.content + content)
  } else {
    result.push(text(content))
  }
}

/** The words of a message: texts joined, line breaks kept, everything else left out. */
export function plainText(elements: readonly Element[]): string {
  const [only] = elements
  if (only !== undefined && elements.length === 1 && isElement(only, 'text')) return only.attrs.content
  const parts: string[] = []
  collectWords(elements, parts, () => '')
  return parts.join('')
}

/** The words of a message as they were written: with `@name` and `#name` where somebody or something is mentioned. */
export function writtenText(elements: readonly Element[]): string {
  const parts: string[] = []
  collectWords(elements, parts, nameOf)
  return parts.join('')
}

function nameOf({ type, attrs }: Element): string {
  if (type === 'at') return `@${attrs['name'] ?? attrs['id'] ?? attrs['role'] ?? attrs['type'] ?? ''}`
  if (type === 'sharp') return `#${attrs['name'] ?? attrs['id'] ?? ''}`
  return ''
}

function collectWords(
  elements: readonly Element[],
  parts: string[],
  inPlaceOf: (node: Element) => string,
): void {
  const start = parts.length
  const add = (words: string): void => {
    if (words !== '') parts.push(words)
  }
  for (const node of elements) {
    if (isElement(node, 'text')) add(node.attrs.content)
    else if (node.type === 'br') add('\n')
    else if (node.type === 'p') {
      if (parts.length > start && parts.at(-1)?.endsWith('\n') === false) add('\n')
      collectWords(node.children, parts, inPlaceOf)
      add('\n')
    } else if (node.type !== 'quote') {
      const words = inPlaceOf(node)
      if (words === '') collectWords(node.children, parts, inPlaceOf)
      else add(words)
    }
  }
}

/** Finds the first element of a type, anywhere in the tree. */
export function findElement<K extends ElementType>(
  elements: readonly Element[],
  type: K,
): ElementOf<K> | undefined {
  for (const node of elements) {
    if (isElement(node, type)) return node
    const inside = findElement(node.children, type)
    if (inside !== undefined) return inside
  }
  return undefined
}
