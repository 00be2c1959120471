import type { Element } from '@mynah/core'

/** Elements that fill a message of their own. */
const alone: ReadonlySet<string> = new Set([
  'audio',
  'video',
  'file',
  'location',
  'message',
  'onebot:json',
  'onebot:xml',
  'onebot:music',
  'onebot:share',
  'onebot:contact',
  'onebot:poke',
  'onebot:shake',
  'onebot:mface',
  'onebot:dice',
  'onebot:rps',
  'onebot:markdown',
  'onebot:record',
  'onebot:video',
  'onebot:file',
  'onebot:forward',
  'onebot:gift',
  'onebot:cardimage',
  'onebot:tts',
])

/**
 * The messages that content becomes: it is split where something has to stand alone; what is quoted goes with the
 * first part that can.
 */
export function planMessages(elements: readonly Element[]): Element[][] {
  if (elements.length === 1 || !elements.some(({ type }) => alone.has(type))) return [[...elements]]
  const quotes = elements.filter(({ type }) => type === 'quote')
  const parts: Element[][] = [[]]
  for (const node of elements) {
    if (node.type === 'quote') continue
    if (alone.has(node.type)) parts.push([node], [])
    else parts.at(-1)?.push(node)
  }
  const filled = parts.filter((part) => part.length > 0)
  filled.find(([first]) => first !== undefined && !alone.has(first.type))?.unshift(...quotes)
  return filled
}
