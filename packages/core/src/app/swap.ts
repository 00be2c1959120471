import type { PluginInstance } from '../context/instance.ts'
import type { Plugin } from '../context/plugin.ts'
import type { Filter, ScopeState } from '../lifecycle/scope.ts'
import type { Dispatcher } from '../session/dispatcher.ts'

/** Another version or another config for a running plugin. */
export interface Swap {
  readonly instance: PluginInstance
  readonly plugin: Plugin
  readonly config: unknown
  readonly when?: Filter | undefined
}

/** How a {@link Swap} ended. */
export interface SwapResult {
  readonly instance: PluginInstance
  /** State of the plugin now. */
  readonly state: ScopeState
  /** Why the new version could not start; the old one runs again. `undefined` when all went well. */
  readonly error: unknown
}

/**
 * Puts new versions in the place of running plugins. Events that come meanwhile wait and are handled once,
 * by the new version; handlers that run already end on the old one; a version that cannot start is rolled
 * back.
 */
export async function swapPlugins(dispatcher: Dispatcher, swaps: readonly Swap[]): Promise<SwapResult[]> {
  const release = dispatcher.hold()
  try {
    const results: SwapResult[] = []
    for (const swap of swaps) results.push(await swapOne(swap))
    return results
  } finally {
    release()
  }
}

async function swapOne({ instance, plugin, config, when }: Swap): Promise<SwapResult> {
  const old = { plugin: instance.plugin, config: instance.config, when: instance.when }
  const state = await instance.replace(plugin, config, when)
  if (state !== 'failed') return { instance, state, error: undefined }
  const { error } = instance
  return { instance, state: await instance.replace(old.plugin, old.config, old.when), error }
}
