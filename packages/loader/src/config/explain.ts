import type { z } from '@mynah/core'

import { isPlainObject } from '../shared/plain-object.ts'
import type { Path } from './substitute.ts'

type Issue = z.core.$ZodIssue

/** One thing that is wrong with a value. */
export interface ValueIssue {
  /** Keys from the top of the file. */
  readonly path: Path
  /** What is wrong, and what would be right. */
  readonly message: string
}

/**
 * What a schema found wrong, in words: where several things may stand, all of them are named.
 *
 * @param root - The value that was checked.
 * @param at - Where it stands in its file.
 */
export function explainIssues(issues: readonly Issue[], root: unknown, at: Path): ValueIssue[] {
  return issues.flatMap((issue) => explain(issue, valueAt(root, issue.path), [...at, ...keysOf(issue)]))
}

function explain(issue: Issue, value: unknown, path: Path): ValueIssue[] {
  if (issue.code === 'invalid_key') {
    return [{ path, message: issue.issues.map(({ message }) => message).join('; ') }]
  }
  if (issue.code !== 'invalid_union') return [{ path, message: issue.message + quotesHint(value, [issue]) }]
  const fitting = issue.errors.filter((branch) => isContainer(value) && !branch.some(isOfOtherKind))
  const [only] = fitting
  if (only !== undefined && fitting.length === 1) return explainIssues(only, value, path)
  const wanted = new Set(issue.errors.flatMap((branch) => branch.flatMap(wants)))
  const hint = quotesHint(value, issue.errors.flat())
  return [{ path, message: wanted.size === 0 ? issue.message : `expected ${either(wanted)}${hint}` }]
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
  null: 'nothing',
}

/** What one branch of a union would have taken. */
function wants(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flatMap((branch) => branch.flatMap(wants))
  if (issue.path.length > 0) return []
  if (issue.code === 'invalid_type') return [kinds[issue.expected] ?? issue.expected]
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code === 'unrecognized_keys') return []
  // Another number, where any text would do as well.
  if (issue.code === 'too_big' || issue.code === 'too_small') return []
  return [issue.message.replace(/^expected /, '')]
}

function isOfOtherKind(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isOfOtherKind))
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

/** YAML reads what has no quotes as it likes: digits as a number, a lone mark as nothing. */
function quotesHint(value: unknown, issues: readonly Issue[]): string {
  const wantsText = issues.some(
    (issue) =>
      (issue.code === 'invalid_type' && issue.expected === 'string') ||
      (issue.code === 'invalid_union' && quotesHint(value, issue.errors.flat()) !== ''),
  )
  if (!wantsText) return ''
  if (value === null) return '; nothing is written there (a # begins a comment, so put such a mark in quotes)'
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    return '; put it in quotes, a number of this size or form is not kept as it is written'
  return typeof value === 'number' || typeof value === 'boolean' ? '; put it in quotes' : ''
}

function either(words: ReadonlySet<string>): string {
  const list = Array.from(words)
  const last = list.pop() ?? ''
  return list.length === 0 ? last : `${list.join(', ')} or ${last}`
}

function isContainer(value: unknown): boolean {
  return Array.isArray(value) || isPlainObject(value)
}

function keysOf({ path }: Issue): (string | number)[] {
  return path.map((key) => (typeof key === 'symbol' ? String(key) : key))
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? Object.getOwnPropertyDescriptor(value, key)?.value
        : undefined,
    root,
  )
}
