import { z } from '@mynah/core'

import { botConfigSchema } from '../src/config/schema.ts'

import { chineseConfigTexts } from './config-texts.ts'

/** Languages of the page. */
export type PageLanguage = 'en' | 'zh-CN'

interface Words {
  readonly intro: string
  readonly head: readonly string[]
  readonly kinds: Readonly<Record<string, string>>
  readonly or: string
  readonly listOf: (kind: string) => string
  /** What a key says, by its path. */
  readonly describe: (path: string, text: string) => string
}

const pages: Record<PageLanguage, Words> = {
  en: {
    intro: `# The config

What may stand in \`bot.config.yaml\` (or \`.json\`, \`.ts\`, \`.js\`, or under \`bot\` in \`package.json\`). Keys that are not
here are refused. Everything may be left out; the default holds then.`,
    head: ['Key', 'What', 'Default', 'Meaning'],
    kinds: {
      string: 'text',
      number: 'a number',
      integer: 'a whole number',
      boolean: 'true or false',
      object: 'a mapping',
      any: 'anything',
      people: '[people](../guide/permissions.md)',
    },
    or: ' or ',
    listOf: (kind) => `a list (${kind})`,
    describe: (_, text) => text,
  },
  'zh-CN': {
    intro: `# 配置

\`bot.config.yaml\`（或 \`.json\`、\`.ts\`、\`.js\`，以及 \`package.json\` 的 \`bot\` 键）中可以写的内容。不在此列的键会被拒绝。所有键都可以省略，省略时使用默认值。`,
    head: ['键', '类型', '默认值', '含义'],
    kinds: {
      string: '文本',
      number: '数字',
      integer: '整数',
      boolean: 'true 或 false',
      object: '映射',
      any: '任意',
      people: '[人](../guide/permissions.md)',
    },
    or: ' 或 ',
    listOf: (kind) => `列表（${kind}）`,
    describe: (path) => chineseConfigTexts[path] ?? '',
  },
}

/** A key of the config. */
export interface ConfigKey {
  /** `limits.maxRunning`; `*` stands for a name that people choose. */
  readonly path: string
  readonly schema: JsonSchema
  readonly text: string
}

type JsonSchema = Readonly<Record<string, unknown>>

/** Every key that the schema describes, from the top of the file down. */
export function configKeys(): ConfigKey[] {
  const whole: unknown = z.toJSONSchema(botConfigSchema, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
  })
  return isSchema(whole) ? keysOf(whole, []) : []
}

function keysOf(schema: JsonSchema, path: readonly string[]): ConfigKey[] {
  const { properties, additionalProperties: rest, title } = schema
  // What has a name is explained elsewhere.
  if (title !== undefined) return []
  const below = branchesOf(schema).flatMap((branch) => keysOf(branch, path))
  const named = isSchema(properties) ? Object.entries(properties) : []
  const any: [string, unknown][] = isSchema(rest) ? [['*', rest]] : []
  const own = [...named, ...any].flatMap(([key, value]): ConfigKey[] => {
    if (!isSchema(value)) return []
    const at = [...path, key]
    const text = value['description']
    const self = typeof text === 'string' ? [{ path: at.join('.'), schema: value, text }] : []
    return [...self, ...keysOf(value, at)]
  })
  return [...own, ...below]
}

/** The page of the reference that tells all keys. */
export function configPage(language: PageLanguage): string {
  const { intro, head, describe } = pages[language]
  const rows = configKeys().map(({ path, schema, text }) => [
    `\`${path}\``,
    kindOf(schema, pages[language]),
    schema['default'] === undefined || isEmptyObject(schema['default'])
      ? ''
      : `\`${JSON.stringify(schema['default'])}\``,
    describe(path, text),
  ])
  return `${intro}\n\n${table([head, ...rows])}\n`
}

function kindOf(schema: JsonSchema, words: Words): string {
  const { kinds, or, listOf } = words
  const { title } = schema
  if (typeof title === 'string') return words.kinds[title] ?? title
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => `\`${String(value)}\``).join(or)
  const branches = branchesOf(schema)
  if (branches.length > 0) {
    return Array.from(new Set(branches.map((branch) => kindOf(branch, words)))).join(or)
  }
  const { type, items } = schema
  if (type === 'array') return listOf(isSchema(items) ? kindOf(items, words) : '')
  return kinds[String(type)] ?? kinds['any'] ?? ''
}

function branchesOf(schema: JsonSchema): JsonSchema[] {
  const list = schema['anyOf'] ?? schema['oneOf'] ?? []
  return Array.isArray(list) ? list.filter(isSchema).filter(({ type }) => type !== 'null') : []
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmptyObject(value: unknown): boolean {
  return isSchema(value) && Object.keys(value).length === 0
}

function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((row) => widthOf(row[column] ?? ''))),
  )
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))).join(' | ')} |`
  const [head = [], ...others] = cells
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...others.map(line)].join('\n')
}

/** Chinese characters and their marks take two places. */
function widthOf(text: string): number {
  return Array.from(text).reduce(
    (sum, character) => sum + (/[\u2E80-\u9FFF\uF900-\uFAFF\uFF00-\uFF60]/.test(character) ? 2 : 1),
    0,
  )
}
