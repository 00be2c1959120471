import { degrade, type Element, plainText, toElements } from '@mynah/core'
import type { TargetKind } from '../encode/target.ts'
import { isInlineImage, maxJoinedLength, maxTextLength, qqElements, supportIn } from '../encode/support.ts'
import { joinWithLine } from '../encode/text.ts'

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
  /** Its words go on where those of the unit before end: they were one text that had been cut. */
  readonly goesOn?: boolean
}

/**
 * Cuts the parts of a message into requests, in order, and joins requests while there are more of them than
 * may go out.
 *
 * @param parts - What the outgoing path made: each is at most one screen of text.
 * @param room - How many requests may go out; more than that are still made when nothing can be joined.
 * @param isOneText - Whether all parts were cut from one message, so that nothing stands between them.
 */
export function planMessages(
  parts: readonly (readonly Element[])[],
  kind: TargetKind,
  room: number,
  isOneText = false,
): Element[][] {
  const shown = parts.map((part) => toElements(degrade(part, supportIn(kind))))
  const units = shown.flatMap((part, index) => {
    const [first, ...rest] = cutPart(part)
    const before = shown[index - 1] ?? []
    const goesOn = endsInText(before) && part[0]?.type === 'text' && (isOneText || isFull(before))
    return first === undefined ? [] : [{ ...first, goesOn }, ...rest]
  })
  return joinUntil(units, room).map(({ elements }) => elements)
}

const endsInText = (part: readonly Element[]): boolean => part.at(-1)?.type === 'text'

/** How much shorter than the limit a part can be that was cut between two characters. */
const longestCharacter = 200

/** Whether a part looks as if it had been cut there: at the limit, or at a blank in its second half. */
function isFull(part: readonly Element[]): boolean {
  const words = plainText(part)
  const least = /\s/.test(words.at(-1) ?? '') ? maxTextLength / 2 : maxTextLength - longestCharacter
  return words.length > least
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

function hasWords(elements: readonly Element[]): boolean {
  return elements.some((node) => node.type !== 'text' || plainText([node]).trim() !== '')
}

/** Joins neighbours, texts before pictures, until few enough are left or nothing fits together. */
function joinUntil(units: Unit[], room: number): Unit[] {
  let result = units
  for (const join of [joinTexts, joinTextAndImage]) {
    let count = result.length
    const joined: Unit[] = []
    for (const unit of result) {
      const last = joined.at(-1)
      const both = last === undefined || count <= room ? undefined : join(last, unit)
      if (both === undefined) joined.push(unit)
      else {
        joined.splice(-1, 1, both)
        count -= 1
      }
    }
    result = joined
  }
  return result
}

function joinTexts(first: Unit, second: Unit): Unit | undefined {
  if (first.kind !== 'text' || second.kind !== 'text' || !isShort(first, second)) return undefined
  return { ...first, elements: joinWords(first.elements, second.elements, second) }
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
    ...first,
    kind: 'image',
    elements: [...(bottom === undefined ? top : joinWords(top, bottom, second)), ...others],
  }
}

function joinWords(before: readonly Element[], after: readonly Element[], { goesOn }: Unit): Element[] {
  return goesOn === true ? toElements([...before, ...after]) : joinWithLine(before, after)
}

function isShort(first: Unit, second: Unit): boolean {
  const between = second.goesOn === true ? 0 : 1
  return lengthOf(first) + between + lengthOf(second) <= maxJoinedLength
}

function lengthOf({ elements }: Unit): number {
  return plainText(elements).length
}
