import { type Document, isNode, LineCounter, parseDocument, Scalar, visit, type YAMLError } from 'yaml'

import { frameIn } from '../modules/code-frame.ts'
import { ProjectConfigError, type ProjectIssue } from './issue.ts'
import type { Path } from './substitute.ts'

/** A text in YAML or JSON, read. */
export interface ConfigText {
  /** What it says, as JavaScript. */
  readonly data: unknown
  /** Where a value, or the nearest one above it, stands; counted from 1. */
  locate(path: Path): { line: number; column: number } | undefined
}

/**
 * Reads YAML and JSON.
 *
 * @param name - Of the file, for people.
 * @throws ProjectConfigError `CONFIG_SYNTAX` with everything that is wrong, its places and the lines around them.
 */
export function parseText(text: string, name: string): ConfigText {
  const lines = new LineCounter()
  const document = parseDocument(withoutBraces(text), {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
  })
  const wrong = [...document.errors.map(syntaxProblem), ...unquotedMarks(document, text)]
  if (wrong.length > 0) {
    const issues = wrong.map(({ offset, message }): ProjectIssue => {
      const { line, col: column } = lines.linePos(offset)
      const frame = frameIn(text, { file: name, line, column })
      return { file: name, line, column, path: [], message: `${message}${frame}` }
    })
    throw new ProjectConfigError(issues, 'CONFIG_SYNTAX')
  }
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string') scalar.value = withBraces(scalar.value)
    },
  })
  return { data: document.toJS(), locate: (path) => locate(document, lines, path) }
}

/** Stand for the braces of `${NAME}`, which would end a text in the braces or brackets of YAML. */
const braces = { open: '\uE000', close: '\uE001' } as const

/** Lets variables stand without quotes everywhere; no character moves, so places stay what they are. */
export function withoutBraces(content: string): string {
  return content.replaceAll(
    /\$\{([A-Za-z_]\w*(?::-[^{}\n]*)?)\}/g,
    (_, inner: string) => `$${braces.open}${inner}${braces.close}`,
  )
}

/** Takes the braces back. */
export function withBraces(text: string): string {
  return text.replaceAll(braces.open, '{').replaceAll(braces.close, '}')
}

interface SyntaxProblem {
  readonly offset: number
  readonly message: string
}

function syntaxProblem({ pos: [offset], code, message }: YAMLError): SyntaxProblem {
  const isMark = code === 'BAD_SCALAR_START' || code === 'BAD_ALIAS'
  return { offset, message: isMark ? `${message}; put such a mark in quotes` : message }
}

const standardTag = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|binary)$/

/**
 * Marks that mean something to YAML and leave an empty text where somebody wrote `prefix: !`. Who wants an empty
 * text writes it in quotes.
 */
function unquotedMarks(document: Document, content: string): SyntaxProblem[] {
  const found: SyntaxProblem[] = []
  visit(document, {
    Node: (_, node) => {
      const offset = node.range?.[0] ?? 0
      const { tag } = node
      if (tag !== undefined && !standardTag.test(tag)) {
        const message = `${tag} is a tag in YAML, so it is no text; put it in quotes: "${tag}"`
        found.push({ offset: Math.max(0, content.lastIndexOf(tag, offset)), message })
      } else if (node instanceof Scalar && isEmptyByMark(node)) {
        const mark = node.anchor === undefined ? '| or >' : `&${node.anchor}`
        found.push({ offset, message: `nothing stands behind the ${mark}, a mark of YAML; put it in quotes` })
      }
    },
  })
  return found
}

function isEmptyByMark({ value, type, anchor }: Scalar): boolean {
  if (value !== '' && value !== null) return false
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' || (anchor !== undefined && type === 'PLAIN')
}

/** Finds the key or item of a path; where it is missing, what would contain it. */
function locate(
  document: Document,
  lines: LineCounter,
  path: Path,
): { line: number; column: number } | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length))
    if (offset === undefined) continue
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  return undefined
}

function offsetOf(document: Document, path: Path): number | undefined {
  const key = path.at(-1)
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  if (key !== undefined && hasPairs(parent)) {
    const found = parent.items.find((item) => isKey(item.key, key))?.key
    if (isNode(found)) return found.range?.[0]
  }
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}

/** Whether a node of a mapping is this key; ids may stand without quotes. */
export function isKey(node: unknown, key: string | number): boolean {
  return isNode(node) && 'value' in node && String(node.value) === String(key)
}

/** Whether a node is a mapping. */
export function hasPairs(node: unknown): node is { items: { key: unknown }[] } {
  return (
    isNode(node) &&
    'items' in node &&
    Array.isArray(node.items) &&
    node.items.every((item) => typeof item === 'object' && item !== null && 'key' in item)
  )
}
