import type { Scope } from '../lifecycle/scope.ts'
import type { PluginInstance } from './instance.ts'

/**
 * Where running plugins stand among those of the config, whenever they were started; what a plugin adds stands with it.
 *
 * @param instances - In the order in which they were added: a parent comes before its children.
 */
export function positionsOf(instances: Iterable<PluginInstance>): ReadonlyMap<Scope, number> {
  const positions = new Map<Scope, number>()
  let position = 0
  for (const { scope, parent } of instances) {
    if (scope !== undefined) positions.set(scope, positions.get(parent) ?? position)
    position += 1
  }
  return positions
}
