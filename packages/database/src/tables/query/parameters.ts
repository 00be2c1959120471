import {
  AndNode,
  type OperationNode,
  ParensNode,
  PrimitiveValueListNode,
  ValueListNode,
  ValueNode,
} from 'kysely'

import { invalidValue } from '../errors.ts'
import type { Parameter } from '../../engine/engine.ts'
import { encode, typeOfValue } from '../values.ts'
import type { Typed } from './scope.ts'

/**
 * The same node with its values as parameters for what they are compared or computed with.
 *
 * @throws MynahError `VALUE_INVALID` for a value that this cannot be.
 */
export function encodedFor(target: Typed, node: OperationNode): OperationNode {
  const encoded = (inner: OperationNode): OperationNode => encodedFor(target, inner)
  if (isParameter(node)) return ValueNode.create(encodedValue(target, node.value))
  if (PrimitiveValueListNode.is(node))
    return PrimitiveValueListNode.create(node.values.map((value) => encodedValue(target, value)))
  if (ValueListNode.is(node)) return ValueListNode.create(node.values.map(encoded))
  if (AndNode.is(node)) return AndNode.create(encoded(node.left), encoded(node.right))
  if (ParensNode.is(node)) return ParensNode.create(encoded(node.node))
  return node
}

/** The same node as something to store in a column. @throws MynahError `VALUE_INVALID`, for null too */
export function encodedInto(target: Typed, node: OperationNode): OperationNode {
  if (isParameter(node)) refuseNull(target, node.value)
  return isParameter(node) ? encodedFor(target, node) : node
}

/** Whether a node is a value that becomes a parameter. */
export function isParameter(node: OperationNode): node is ValueNode {
  return ValueNode.is(node) && node.immediate !== true
}

/** A value as a parameter by what it is. @throws MynahError `VALUE_INVALID` */
export function parameterOf(value: unknown): Parameter {
  const type = typeOfValue(value)
  return type === undefined ? null : encode(type, value, 'this parameter')
}

function encodedValue({ type, place = 'this expression' }: Typed, value: unknown): unknown {
  return type === undefined ? value : encode(type, value, place)
}

/** Refuses null for a column that holds none. */
function refuseNull({ nullable, place }: Typed, value: unknown): void {
  if (value === null && !nullable && place !== undefined)
    throw invalidValue(place, 'it is not .nullable(), and this is null.')
}
