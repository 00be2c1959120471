import { degrade, type Element, isElement, plainText, toElements } from '@mynah/core'
import type { Scene } from '../target.ts'
import { maxJoinedLength, qqElements, supportIn } from './support.ts'
import { joinWithLine } from './text.ts'

/** Elements that take a whole request. */
const alone: ReadonlySet<string> = new Set(['audio', 'video', 'file', qqElements.ark, qqElements.embed])

/** Elements that make a request one of Markdown. */
const markdownLike: ReadonlySet<string> = new Set([
  'markdown',
  'button',
  'button-group',
  qqElements.markdown,
  qqElements.keyboard,
])

type Kind = 'text' | 'image' | 'markdown' | 'alone'

interface Unit {
  readonly kind: Kind
  readonly elements: Element[]
}

/**
 * Cuts the parts of a message into requests, in order, and joins requests while there are more of them than
 * may go out.
 *
 * @param parts - What the outgoing path made: each is at most one screen of text.
 * @param room - How many requests may go out; more than that are still made when nothing can be joined.
 */
export function planRequests(
  parts: readonly (readonly Element[])[],
  scene: Scene,
  room: number,
): Element[][] {
  const units = parts.flatMap((part) => cutPart(toElements(degrade(part, supportIn(scene)))))
  return joinUntil(units, room).map(({ elements }) => elements)
}

function cutPart(elements: readonly Element[]): Unit[] {
  const quotes = elements.filter((node) => node.type === 'quote' || node.type === qqElements.raw)
  const rest = elements.filter((node) => node.type !== 'quote' && node.type !== qqElements.raw)
  const units = rest.some(({ type }) => markdownLike.has(type)) ? cutMarkdown(rest) : cutPlain(rest)
  const [first] = units
  if (first === undefined) {
    const hasFields = quotes.some(({ type }) => type === qqElements.raw)
    return hasFields ? [{ kind: 'alone', elements: quotes }] : []
  }
  return [{ ...first, elements: [...quotes, ...first.elements] }, ...units.slice(1)]
}

/** Text in front of a picture goes along with it. */
function cutPlain(elements: readonly Element[]): Unit[] {
  const units: Unit[] = []
  let words: Element[] = []
  const flush = (): void => {
    if (hasWords(words)) units.push({ kind: 'text', elements: words })
    words = []
  }
  for (const node of elements) {
    if (alone.has(node.type)) {
      flush()
      units.push({ kind: 'alone', elements: [node] })
    } else if (node.type === 'image') {
      units.push({ kind: 'image', elements: [...(hasWords(words) ? words : []), node] })
      words = []
    } else words.push(node)
  }
  flush()
  return units
}

/** Markdown takes texts, buttons and pictures that have an address and a size; other media stand alone. */
function cutMarkdown(elements: readonly Element[]): Unit[] {
  const isInside = (node: Element): boolean =>
    node.type === 'image' ? isInlineImage(node) : !alone.has(node.type)
  const inside = elements.filter(isInside)
  const others = elements.filter((node) => !isInside(node))
  return [
    { kind: 'markdown', elements: inside },
    ...others.map((node): Unit => ({ kind: node.type === 'image' ? 'image' : 'alone', elements: [node] })),
  ]
}

/** Whether a picture can stand inside Markdown: the platform fetches it and wants its size. */
export function isInlineImage(node: Element): boolean {
  return (
    isElement(node, 'image') &&
    /^https?:/i.test(node.attrs.src ?? '') &&
    node.attrs.width !== undefined &&
    node.attrs.height !== undefined
  )
}

function hasWords(elements: readonly Element[]): boolean {
  return elements.some((node) => node.type !== 'text' || plainText([node]).trim() !== '')
}

/** Joins neighbours, texts before pictures, until few enough are left or nothing fits together. */
function joinUntil(units: Unit[], room: number): Unit[] {
  let result = units
  for (const join of [joinTexts, joinTextAndImage]) {
    for (let index = 0; index + 1 < result.length && result.length > room;) {
      const [first, second] = result.slice(index, index + 2)
      const joined = first && second && join(first, second)
      if (joined === undefined) index += 1
      else result = [...result.slice(0, index), joined, ...result.slice(index + 2)]
    }
  }
  return result
}

function joinTexts(first: Unit, second: Unit): Unit | undefined {
  if (first.kind !== 'text' || second.kind !== 'text' || !isShort(first, second)) return undefined
  return { kind: 'text', elements: joinWithLine(first.elements, second.elements) }
}

/** A picture shows below its text, whichever came first. */
function joinTextAndImage(first: Unit, second: Unit): Unit | undefined {
  const kinds = `${first.kind}+${second.kind}`
  if ((kinds !== 'text+image' && kinds !== 'image+text') || !isShort(first, second)) return undefined
  const [words, picture] = first.kind === 'text' ? [first, second] : [second, first]
  const caption = picture.elements.filter(({ type }) => type !== 'image' && type !== 'quote')
  const others = picture.elements.filter(({ type }) => type === 'image' || type === 'quote')
  const lines = [words.elements, caption].filter((line) => line.length > 0)
  if (first.kind === 'image') lines.reverse()
  const [top = [], bottom] = lines
  return {
    kind: 'image',
    elements: [...(bottom === undefined ? top : joinWithLine(top, bottom)), ...others],
  }
}

function isShort(first: Unit, second: Unit): boolean {
  return lengthOf(first) + 1 + lengthOf(second) <= maxJoinedLength
}

function lengthOf({ elements }: Unit): number {
  return plainText(elements).length
}
