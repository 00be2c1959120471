import { unescapedPlaces } from '../wire/kmarkdown.ts'

/** A piece of KMarkdown that must not be cut: an escape pair, a tag, a link, inline code, or one character. */
const atom =
  /\\[\s\S]|\((met|rol|chn)\)[^()\n]{1,64}\(\1\)|\(emj\)[^()\n]{1,64}\(emj\)\[[^\]\n]{1,128}\]|\[(?:\\.|[^[\]\\\n]){0,2000}\]\([^()\s]{1,2000}\)|\((?:ins|spl|font)\)(?:\[[a-z]{1,16}\])?|:[\w+-]{1,48}:|\*{1,3}|~~|[\ud800-\udbff][\udc00-\udfff]|[\s\S]/y

const fence = '```'
/** The longest first line of a block of code that is written again where the block is cut. */
const maxOpener = 40

interface Chunk {
  readonly source: string
  /** `open` and `close` are the fences of a block of code. */
  readonly kind: 'text' | 'code' | 'open' | 'close'
  /** Size of the first line behind an opening fence, which should not stand without it. */
  readonly nextSize?: number
}

/**
 * Cuts KMarkdown into parts of at most `limit` characters: between lines where one ends late enough, else at a
 * space, else between characters, but never inside an escape pair, a tag, a link or a surrogate pair. A block
 * of code that is cut is closed and opened again, wherever on its line it begins.
 */
export function splitKMarkdown(source: string, limit: number): string[] {
  if (source.length <= limit) return source === '' ? [] : [source]
  const parts: string[] = []
  let part = ''
  let opener: string | undefined
  /** What is in the part only because a block of code was cut. */
  let reopened = ''
  const closing = (): number => (opener === undefined ? 0 : fence.length + 1)
  const finish = (): void => {
    if (part.trim() !== '' && part !== reopened) {
      parts.push(opener === undefined ? part.replace(/\n$/, '') : `${part.replace(/\n$/, '')}\n${fence}`)
    }
    reopened = opener ?? ''
    part = reopened
  }
  for (const { source: chunk, kind, nextSize = 0 } of chunksOf(source)) {
    if (kind === 'open') {
      const size = part.length + chunk.length + fence.length + 1
      if (size > limit || (size + nextSize > limit && part.length > limit / 2)) finish()
      part += chunk
      opener = chunk.endsWith('\n') ? chunk : `${chunk}\n`
    } else if (kind === 'close') {
      // Its place was kept free. What was cut right before it is not opened for nothing.
      part = opener !== undefined && part === reopened ? '' : part + chunk
      opener = undefined
      reopened = ''
    } else if (part.length + sizeOf(chunk) + closing() <= limit) part += chunk
    else {
      if (part.length > limit / 2) finish()
      for (const piece of pieces(chunk, limit - closing(), () => part.length, finish)) part += piece
    }
  }
  finish()
  return parts
}

/** Lines with their breaks; fences of blocks of code are chunks of their own. */
function* chunksOf(source: string): Generator<Chunk, void, undefined> {
  const fences = fencesIn(source)
  const breakAfter = finderOf(source, '\n')
  let position = 0
  for (let index = 0; index + 1 < fences.length; index += 2) {
    const open = fences[index] ?? 0
    const close = fences[index + 1] ?? 0
    yield* linesOf(source.slice(position, open), 'text')
    const line = Math.min(breakAfter(open), close)
    position = line < close && line - open < maxOpener ? line + 1 : open + fence.length
    const nextSize = Math.min(breakAfter(position), close) - position
    yield { source: source.slice(open, position), kind: 'open', nextSize }
    yield* linesOf(source.slice(position, close), 'code')
    position = close + fence.length
    yield { source: fence, kind: 'close' }
  }
  yield* linesOf(source.slice(position), 'text')
}

/** Where blocks of code begin and end, by turns. */
function fencesIn(source: string): number[] {
  let end = 0
  return unescapedPlaces(source, fence).filter((place) => {
    if (place < end) return false
    end = place + fence.length
    return true
  })
}

/** Finds a character from ever later places; looks at each place once. */
function finderOf(source: string, character: string): (from: number) => number {
  let found = -1
  return (from) => {
    if (found < from) found = source.indexOf(character, from)
    if (found < 0) found = Infinity
    return found
  }
}

function* linesOf(source: string, kind: 'text' | 'code'): Generator<Chunk, void, undefined> {
  for (let position = 0; position < source.length;) {
    const found = source.indexOf('\n', position)
    const end = found < 0 ? source.length : found + 1
    yield { source: source.slice(position, end), kind }
    position = end
  }
}

/** Words and, where a word is too long, atoms; calls `finish` when the next one would not fit. */
function* pieces(
  line: string,
  limit: number,
  length: () => number,
  finish: () => void,
): Generator<string, void, undefined> {
  let word = ''
  /** The beginning of the word was longer than a part, and is gone. */
  let isContinued = false
  function* flush(): Generator<string, void, undefined> {
    if (word === '') return
    if (!isContinued && length() + sizeOf(word) > limit && length() > limit / 2) finish()
    if (length() + sizeOf(word) <= limit) yield word
    else {
      for (const one of atoms(word)) {
        if (length() + sizeOf(one) > limit) finish()
        yield one
      }
    }
    word = ''
  }
  for (const one of atoms(line)) {
    word += one
    const isEnd = one === ' ' || one === '\n'
    if (!isEnd && word.length <= limit) continue
    yield* flush()
    isContinued = !isEnd
  }
  yield* flush()
}

/** A line break at the end of a part is not sent. */
function sizeOf(piece: string): number {
  return piece.endsWith('\n') ? piece.length - 1 : piece.length
}

function* atoms(source: string): Generator<string, void, undefined> {
  atom.lastIndex = 0
  let position = 0
  while (position < source.length) {
    atom.lastIndex = position
    const found = atom.exec(source)?.[0] ?? source.charAt(position)
    position += found.length
    yield found
  }
}
