import { type Element, element, isElement, MynahError } from '@mynah/core'

import { isQqNumber } from '../wire/raw.ts'
import type { Segment } from '../wire/segment.ts'
import { planMessages } from './plan.ts'
import { encodeMessage, type FileSource } from '../encode/segments.ts'

/** Who says what nobody else says. */
export interface DefaultAuthor {
  readonly id: string
  readonly name: string
}

const maxNodes = 100
const maxDepth = 3

/** The forward that a message consists of; `undefined` when it is none that has to be built. */
export function forwardOf(elements: readonly Element[]): Element | undefined {
  const [first] = elements
  const isBuilt = first !== undefined && isElement(first, 'message') && first.children.length > 0
  return isBuilt && elements.length === 1 ? first : undefined
}

/**
 * Writes a forward as nodes. Each carries both spellings of author and name; a message that has only an id is
 * passed on by it; what has to stand alone becomes a node of its own.
 *
 * @throws MynahError `ELEMENT_INVALID` when there are too many messages, or they are folded too deep.
 */
export function encodeForward(
  forward: Element,
  author: DefaultAuthor,
  fileSource: FileSource,
  depth = 1,
): Segment[] {
  if (depth > maxDepth)
    throw new MynahError('ELEMENT_INVALID', `A forward is folded more than ${maxDepth} times.`)
  const messages = forward.children.some(({ type }) => type === 'message')
    ? forward.children.filter(({ type }) => type === 'message')
    : [element('message', {}, [...forward.children])]
  const nodes = messages.flatMap((message) => encodeNodes(message, author, fileSource, depth))
  if (nodes.length > maxNodes)
    throw new MynahError('ELEMENT_INVALID', `A forward has ${nodes.length} messages, more than ${maxNodes}.`)
  return nodes
}

function encodeNodes(
  message: Element,
  author: DefaultAuthor,
  fileSource: FileSource,
  depth: number,
): Segment[] {
  const content = message.children.filter(({ type }) => type !== 'author')
  const id = message.attrs['id']
  if (content.length === 0) return id === undefined ? [] : [{ type: 'node', data: { id: String(id) } }]
  if (message.attrs['forward'] === true) {
    return [node(author, encodeForward(message, author, fileSource, depth + 1))]
  }
  const by = authorOf(message, author)
  return planMessages(content).map((part) => {
    const inner = forwardOf(part)
    return node(
      by,
      inner === undefined
        ? encodeMessage(part, fileSource)
        : encodeForward(inner, author, fileSource, depth + 1),
    )
  })
}

function authorOf(message: Element, author: DefaultAuthor): DefaultAuthor {
  const found = message.children.find(({ type }) => type === 'author')
  if (found === undefined) return author
  const id = String(found.attrs['id'] ?? '')
  // Somebody of another platform has no number here.
  return { id: isQqNumber(id) ? id : author.id, name: String(found.attrs['name'] ?? author.name) }
}

function node({ id, name }: DefaultAuthor, content: readonly Segment[]): Segment {
  return { type: 'node', data: { user_id: id, uin: id, nickname: name, name, content } }
}
