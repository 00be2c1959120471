/** A piece of KMarkdown that must not be cut: an escape pair, a tag, a link, inline code, or one character. */
const atom =
  /\\[\s\S]|\((met|rol|chn)\)[^()\n]{1,64}\(\1\)|\(emj\)[^()\n]{1,64}\(emj\)\[[^\]\n]{1,128}\]|\[(?:\\.|[^[\]\\\n]){0,2000}\]\([^()\s]{1,2000}\)|\((?:ins|spl|font)\)(?:\[[a-z]{1,16}\])?|:[\w+-]{1,48}:|\*{1,3}|~~|[\ud800-\udbff][\udc00-\udfff]|[\s\S]/y

const fence = '```'

interface Line {
  readonly source: string
  /** Whether it opens or closes a block of code. */
  readonly isFence: boolean
}

/**
 * Cuts KMarkdown into parts of at most `limit` characters: between lines where one ends late enough, else at a
 * space, else between characters, but never inside an escape pair, a tag, a link or a surrogate pair. A block
 * of code that is cut is closed and opened again.
 */
export function splitKMarkdown(source: string, limit: number): string[] {
  if (source.length <= limit) return source === '' ? [] : [source]
  const parts: string[] = []
  let part = ''
  let opened: string | undefined
  const closing = (): number => (opened === undefined ? 0 : fence.length + 1)
  const finish = (): void => {
    if (part.trim() !== '' && part !== `${opened}\n`) {
      parts.push(opened === undefined ? part.replace(/\n$/, '') : `${part.replace(/\n$/, '')}\n${fence}`)
    }
    part = opened === undefined ? '' : `${opened}\n`
  }
  for (const line of readLines(source)) {
    const wasOpened = opened
    const rest = `${line.source}\n`
    const closes = line.isFence && opened !== undefined
    if (part.length + rest.length + (closes ? 0 : closing()) <= limit + 1) part += rest
    else {
      if (part.length > limit / 2 || closes) finish()
      for (const piece of pieces(rest, limit - closing(), () => part.length, finish)) part += piece
    }
    if (line.isFence) opened = wasOpened === undefined ? line.source.slice(0, 40) : undefined
  }
  opened = undefined
  finish()
  return parts
}

function readLines(source: string): Line[] {
  return source.split('\n').map((line) => ({ source: line, isFence: line.startsWith(fence) }))
}

/** Words and, where a word is too long, atoms; calls `finish` when the next one would not fit. */
function* pieces(
  line: string,
  limit: number,
  length: () => number,
  finish: () => void,
): Generator<string, void, undefined> {
  let word = ''
  function* flush(): Generator<string, void, undefined> {
    if (word === '') return
    if (length() + sizeOf(word) > limit && length() > limit / 2) finish()
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
    if (one === ' ' || one === '\n') yield* flush()
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
