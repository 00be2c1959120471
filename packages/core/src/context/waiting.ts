import type { PluginInstance } from './instance.ts'

/** A plugin that cannot start, and what it waits for. */
export interface WaitingPlugin {
  readonly plugin: string
  readonly services: readonly string[]
  /** Plugins that wait for each other in a circle, beginning with this one. */
  readonly cycle: readonly string[] | undefined
}

/** Who waits for what, circles named. */
export function waitingPlugins(instances: Iterable<PluginInstance>): WaitingPlugin[] {
  const waiting = Array.from(instances).filter(
    ({ state, missing }) => state === 'pending' && missing.length > 0,
  )
  return waiting.map((instance) => ({
    plugin: instance.name,
    services: instance.missing,
    cycle: findCycle(instance, waiting, [instance]),
  }))
}

function findCycle(
  start: PluginInstance,
  waiting: readonly PluginInstance[],
  path: readonly PluginInstance[],
): readonly string[] | undefined {
  const last = path.at(-1)
  for (const service of last?.missing ?? []) {
    for (const provider of waiting) {
      if (!provider.plugin.provides.includes(service)) continue
      if (provider === start) return [...path, start].map(({ name }) => name)
      if (path.includes(provider)) continue
      const cycle = findCycle(start, waiting, [...path, provider])
      if (cycle !== undefined) return cycle
    }
  }
  return undefined
}
