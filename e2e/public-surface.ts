import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import type { Declaration, Node, Program, Span } from 'oxc-parser'
import { parseSync } from 'oxc-parser'

/** One name that a package exports, with what is said about it. */
export interface PublicName {
  /** From where inside of the package, `.` or `./adapter`. */
  readonly entry: string
  readonly name: string
  /** `class`, `interface`, `type`, `function`, `const`, or `external` for what another package declares. */
  readonly kind: string
  /** The name itself and its members, `Bot` and `Bot.send`, with whether TSDoc stands above them. */
  readonly documented: ReadonlyMap<string, boolean>
}

interface Source {
  readonly path: string
  readonly program: Program
  /** Where the code begins below each block of TSDoc. */
  readonly afterDocs: ReadonlySet<number>
}

interface Found {
  readonly source: Source
  readonly declaration: Declaration
  /** Where the statement begins, `export` included. */
  readonly start: number
}

interface Manifest {
  readonly exports: Record<string, string | Record<string, string>>
}

const sources = new Map<string, Source>()

function read(path: string): Source {
  const known = sources.get(path)
  if (known !== undefined) return known
  const text = readFileSync(path, 'utf8')
  const { program, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const afterDocs = comments
    .filter(({ type, value }) => type === 'Block' && value.startsWith('*'))
    .map(({ end }) => end + (/^\s*(\|\s*)?/.exec(text.slice(end))?.[0].length ?? 0))
  const source = { path, program, afterDocs: new Set(afterDocs) }
  sources.set(path, source)
  return source
}

/** What the source entries of a package export, in the order of their names. */
export function publicNames(folder: string): PublicName[] {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const names = Object.entries(exports).flatMap(([entry, target]) => {
    const file = typeof target === 'string' ? undefined : target['@mynah/source']
    return file === undefined ? [] : namesOf(entry, join(folder, file))
  })
  return names.toSorted((a, b) => compare(a.entry, b.entry) || compare(a.name, b.name))
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

function namesOf(entry: string, path: string): PublicName[] {
  const source = read(path)
  return exportedBy(source).map((name) => {
    const found = find(source, name)
    if (found === undefined) return { entry, name, kind: 'external', documented: new Map<string, boolean>() }
    return { entry, name, kind: kindOf(found.declaration), documented: documentation(name, found) }
  })
}

function exportedBy({ path, program }: Source): string[] {
  return program.body.flatMap((statement) => {
    if (statement.type === 'ExportAllDeclaration')
      return exportedBy(read(beside(path, statement.source.value)))
    if (statement.type === 'ExportDefaultDeclaration') return ['default']
    if (statement.type !== 'ExportNamedDeclaration') return []
    const own = statement.declaration === null ? [] : declaredBy(statement.declaration)
    return [...own, ...statement.specifiers.map(({ exported }) => textOf(exported))]
  })
}

const beside = (path: string, specifier: string): string => resolve(dirname(path), specifier)

const textOf = (name: { readonly name: string } | { readonly value: string }): string =>
  'name' in name ? name.name : name.value

function declaredBy(declaration: Declaration): string[] {
  if (declaration.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
  }
  const id = 'id' in declaration ? declaration.id : null
  return id !== null && 'name' in id && typeof id.name === 'string' ? [id.name] : []
}

/** Follows re-exports and imports to the declaration; undefined when another package has it. */
function find(source: Source, name: string): Found | undefined {
  for (const statement of source.program.body) {
    const declaration =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
        ? statement.declaration
        : statement
    const isDefault = statement.type === 'ExportDefaultDeclaration' && name === 'default'
    if (declaration !== null && isDeclaration(declaration)) {
      if (isDefault || declaredBy(declaration).includes(name)) {
        return { source, declaration, start: statement.start }
      }
    }
    if (statement.type === 'ExportAllDeclaration') {
      const below = find(read(beside(source.path, statement.source.value)), name)
      if (below !== undefined) return below
    }
    const next = elsewhere(statement, name)
    if (next === undefined) continue
    if (next.from === undefined) return find(source, next.name)
    return next.from.startsWith('.') ? find(read(beside(source.path, next.from)), next.name) : undefined
  }
  return undefined
}

const declarations: ReadonlySet<string> = new Set([
  'ClassDeclaration',
  'FunctionDeclaration',
  // The first of several overloads: its TSDoc speaks for all.
  'TSDeclareFunction',
  'TSEnumDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'VariableDeclaration',
])

const isDeclaration = (node: Node): node is Declaration => declarations.has(node.type)

/** Where a statement says that a name comes from. */
function elsewhere(statement: Node, name: string): { name: string; from: string | undefined } | undefined {
  if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
    const { declaration } = statement
    return declaration.type === 'Identifier' ? { name: declaration.name, from: undefined } : undefined
  }
  if (statement.type === 'ExportNamedDeclaration') {
    const specifier = statement.specifiers.find(({ exported }) => textOf(exported) === name)
    return specifier && { name: textOf(specifier.local), from: statement.source?.value }
  }
  if (statement.type !== 'ImportDeclaration') return undefined
  const specifier = statement.specifiers.find(({ local }) => local.name === name)
  if (specifier?.type !== 'ImportSpecifier') return undefined
  return { name: textOf(specifier.imported), from: statement.source.value }
}

function kindOf({ type }: Declaration): string {
  if (type === 'ClassDeclaration') return 'class'
  if (type === 'FunctionDeclaration' || type === 'TSDeclareFunction') return 'function'
  if (type === 'TSInterfaceDeclaration') return 'interface'
  return type === 'VariableDeclaration' ? 'const' : 'type'
}

function documentation(name: string, { source, declaration, start }: Found): Map<string, boolean> {
  const documented = new Map([[name, source.afterDocs.has(start)]])
  for (const member of membersOf(declaration)) {
    const key = `${name}.${member.name}`
    const isAbove = [member.start, member.caseStart ?? member.start].some((at) => source.afterDocs.has(at))
    const told = isAbove || inherits(source, declaration, member.name)
    // One of several overloads may speak for all.
    documented.set(key, (documented.get(key) ?? false) || told)
  }
  return documented
}

interface Member {
  readonly name: string
  readonly start: number
  /** Where the case of a union begins that has it. */
  readonly caseStart?: number
}

function membersOf(declaration: Declaration): Member[] {
  if (declaration.type === 'TSInterfaceDeclaration') return declaration.body.body.flatMap(keyed)
  if (declaration.type === 'TSTypeAliasDeclaration') return literalMembers(declaration.typeAnnotation)
  if (declaration.type !== 'ClassDeclaration') return []
  return declaration.body.body.flatMap((member) => {
    if (!('key' in member) || member.accessibility === 'private') return []
    // What overrides says again what the class above has said.
    if (member.override === true) return []
    if ('kind' in member && member.kind === 'constructor') return []
    return keyed(member)
  })
}

function literalMembers(type: Node): Member[] {
  if (type.type === 'TSTypeLiteral') return type.members.flatMap(keyed)
  if (type.type === 'TSIntersectionType') return type.types.flatMap(literalMembers)
  if (type.type !== 'TSUnionType') return []
  // What stands above one case of a union speaks for its members.
  return type.types.flatMap((one) =>
    literalMembers(one).map((member) => ({ ...member, caseStart: one.start })),
  )
}

function keyed(member: Span & { readonly key?: Node }): Member[] {
  const { key } = member
  if (key?.type === 'Identifier') return [{ name: key.name, start: member.start }]
  if (key?.type === 'Literal') return [{ name: String(key.value), start: member.start }]
  return []
}

/** Whether an interface above documents the member: editors show that text. */
function inherits(source: Source, declaration: Declaration, member: string): boolean {
  return above(declaration).some((name) => {
    const found = find(source, name)
    // What another package declares is documented there.
    if (found === undefined) return true
    return (
      documentation(name, found).get(`${name}.${member}`) ?? inherits(found.source, found.declaration, member)
    )
  })
}

function above(declaration: Declaration): string[] {
  const clauses =
    declaration.type === 'ClassDeclaration'
      ? (declaration.implements ?? [])
      : declaration.type === 'TSInterfaceDeclaration'
        ? declaration.extends
        : []
  return clauses.flatMap(({ expression }) => (expression.type === 'Identifier' ? [expression.name] : []))
}
