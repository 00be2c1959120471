import {
  AggregateFunctionNode,
  AliasNode,
  AndNode,
  BinaryOperationNode,
  CaseNode,
  CastNode,
  ColumnNode,
  DataTypeNode,
  FunctionNode,
  type OperationNode,
  OperatorNode,
  OrNode,
  ParensNode,
  ReferenceNode,
  SelectQueryNode,
  UnaryOperationNode,
  ValueNode,
} from 'kysely'

import type { ValueType } from '../../engine/engine.ts'
import { typeOfValue } from '../values.ts'
import type { Typed } from './scope.ts'

/** What an expression can look up. */
export interface Lookup {
  /** What is known of a column. */
  column(name: string, table?: string): Typed
  /** What the first column of a subquery holds. */
  subquery(node: SelectQueryNode): Typed
}

const unknown: Typed = { type: undefined, nullable: true }

/** What an expression holds. */
export function typeOfExpression(node: OperationNode, lookup: Lookup): Typed {
  const typeOf = (inner: OperationNode): Typed => typeOfExpression(inner, lookup)
  if (ColumnNode.is(node)) return lookup.column(node.column.name)
  if (ReferenceNode.is(node))
    return ColumnNode.is(node.column)
      ? lookup.column(node.column.column.name, node.table?.table.identifier.name)
      : unknown
  if (AliasNode.is(node) || ParensNode.is(node)) return typeOf(node.node)
  if (ValueNode.is(node)) return { type: typeOfValue(node.value), nullable: node.value === null }
  if (SelectQueryNode.is(node)) return lookup.subquery(node)
  if (AndNode.is(node) || OrNode.is(node)) return computed('bool')
  if (BinaryOperationNode.is(node)) return computed(typeOfBinary(node, typeOf))
  if (UnaryOperationNode.is(node)) return computed(typeOfUnary(node, typeOf))
  if (CaseNode.is(node)) return computed(common(resultsOf(node).map(typeOf)))
  if (CastNode.is(node)) return computed(typeOfCast(node.dataType))
  if (AggregateFunctionNode.is(node)) return computed(typeOfFunction(node.func, node.aggregated.map(typeOf)))
  if (FunctionNode.is(node)) return computed(typeOfFunction(node.func, node.arguments.map(typeOf)))
  return unknown
}

/** All that a `case` can give. */
export function resultsOf(node: CaseNode): OperationNode[] {
  const results = (node.when ?? []).flatMap(({ result }) => result ?? [])
  return node.else === undefined ? results : [...results, node.else]
}

/** Functions that give one of their arguments. */
export const choosing: ReadonlySet<string> = new Set(['coalesce', 'ifnull', 'nullif', 'greatest', 'least'])

function computed(type: ValueType | undefined): Typed {
  return { type, nullable: true }
}

/** The type of several values of which one is taken: columns say more than parameters. */
function common(values: readonly Typed[]): ValueType | undefined {
  const declared = values.find(({ place, type }) => place !== undefined && type !== undefined)
  const types = values.flatMap(({ type }) => type ?? [])
  return declared?.type ?? (types.includes('real') ? 'real' : types[0])
}

const arithmetic = new Set(['+', '-', '*', '/', '%'])
const comparing = new Set(
  [
    '=',
    '==',
    '!=',
    '<>',
    '>',
    '>=',
    '<',
    '<=',
    'is',
    'is not',
    'is distinct from',
    'is not distinct from',
  ].concat(['in', 'not in', 'like', 'not like', 'ilike', 'not ilike', 'between', 'between symmetric']),
)

/** Whether an operator compares. */
export function isComparison(operator: OperationNode): boolean {
  return OperatorNode.is(operator) && comparing.has(operator.operator)
}

/** Whether an operator computes. */
export function isArithmetic(operator: OperationNode): boolean {
  return OperatorNode.is(operator) && arithmetic.has(operator.operator)
}

type TypeOf = (node: OperationNode) => Typed

function typeOfBinary(node: BinaryOperationNode, typeOf: TypeOf): ValueType | undefined {
  if (isComparison(node.operator)) return 'bool'
  if (OperatorNode.is(node.operator) && node.operator.operator === '||') return 'text'
  if (isArithmetic(node.operator)) return widest([typeOf(node.leftOperand), typeOf(node.rightOperand)])
  return undefined
}

function typeOfUnary(node: UnaryOperationNode, typeOf: TypeOf): ValueType | undefined {
  const operator = OperatorNode.is(node.operator) ? node.operator.operator : undefined
  return operator === '-' ? typeOf(node.operand).type : 'bool'
}

const widths = ['int', 'bigint', 'real'] as const

/** The type of a sum of numbers. */
function widest(values: readonly Typed[]): ValueType | undefined {
  const ranks = values.map(({ type }) => widths.findIndex((width) => width === type))
  return ranks.includes(-1) ? undefined : widths[Math.max(...ranks)]
}

const functions: Readonly<Record<string, ValueType>> = {
  count: 'int',
  row_number: 'int',
  rank: 'int',
  dense_rank: 'int',
  ntile: 'int',
  length: 'int',
  avg: 'real',
  percent_rank: 'real',
  cume_dist: 'real',
  lower: 'text',
  upper: 'text',
  trim: 'text',
  ltrim: 'text',
  rtrim: 'text',
  substr: 'text',
  replace: 'text',
  concat: 'text',
  string_agg: 'text',
}

/** Functions whose result has the type of the first argument. */
const passing = new Set(['sum', 'abs', 'min', 'max', 'lag', 'lead', 'first_value', 'last_value', 'nth_value'])

function typeOfFunction(name: string, values: readonly Typed[]): ValueType | undefined {
  const func = name.toLowerCase()
  if (choosing.has(func)) return common(values)
  if (passing.has(func)) return values[0]?.type
  return Object.hasOwn(functions, func) ? functions[func] : undefined
}

function typeOfCast(node: OperationNode): ValueType | undefined {
  return DataTypeNode.is(node) ? typeOfDataType(node.dataType) : undefined
}

/** What Kysely's names of types stand for here; `undefined` for what the engines have not in common. */
export function typeOfDataType(name: string): ValueType | undefined {
  const [family = name] = name.split('(')
  return Object.hasOwn(dataTypes, family) ? dataTypes[family] : undefined
}

const dataTypes: Readonly<Record<string, ValueType>> = {
  text: 'text',
  varchar: 'text',
  char: 'text',
  integer: 'int',
  int2: 'int',
  int4: 'int',
  int8: 'int',
  smallint: 'int',
  bigint: 'bigint',
  boolean: 'bool',
  real: 'real',
  'double precision': 'real',
  float4: 'real',
  float8: 'real',
  timestamp: 'time',
  timestamptz: 'time',
  datetime: 'time',
  json: 'json',
  jsonb: 'json',
  bytea: 'bytes',
  blob: 'bytes',
  binary: 'bytes',
  varbinary: 'bytes',
}
