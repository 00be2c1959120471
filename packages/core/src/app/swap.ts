import type { CommandIssue } from '../command/command-table.ts'
import type { PluginInstance } from '../plugin/instance.ts'
import type { Plugin } from '../plugin/plugin.ts'
import type { Filter } from '../filter/combine.ts'
import type { ScopeState } from '../lifecycle/scope.ts'
import type { Composer } from '../compose/composer.ts'
import type { Dispatcher } from '../dispatch/dispatcher.ts'

/** Another version or another config for a running plugin. */
export interface Swap {
  /** The plugin that runs. */
  readonly instance: PluginInstance
  /** What is to run in its place; the same where only the config changes. */
  readonly plugin: Plugin
  /** Its config, not yet checked. */
  readonly config: unknown
  /** Which events it may see; all when absent. */
  readonly when?: Filter | undefined
}

/** How a {@link Swap} ended. */
export interface SwapResult {
  /** The plugin that was to be replaced. */
  readonly instance: PluginInstance
  /** State of the plugin now. */
  readonly state: ScopeState
  /** Why the new version could not start; the old one runs again. `undefined` when all went well. */
  readonly error: unknown
}

/** How swaps ended that were made together. */
export interface SwapReport {
  /** In the order of the swaps. */
  readonly results: readonly SwapResult[]
  /** What the settings want of commands and cannot be; empty where no settings were given. */
  readonly issues: readonly CommandIssue[]
}

/** What a swap holds, and whom it concerns. */
export interface SwapHost {
  readonly dispatcher: Pick<Dispatcher, 'hold'>
  readonly composer: Pick<Composer, 'gate'>
  readonly instances: ReadonlySet<PluginInstance>
}

/** What ran before a swap. */
type Before = Swap & { readonly wasRunning: boolean }

/**
 * Puts new versions in the place of running plugins. Events that come meanwhile wait and are handled once,
 * by the new version; handlers that run already end on the old one; a version that cannot start is rolled
 * back. Several plugins stop before the first of them starts again, so that they may exchange the names of
 * commands, services and whatever else there is once. While one that looks at messages is away, those of others wait.
 */
export async function swapPlugins(host: SwapHost, swaps: readonly Swap[]): Promise<SwapResult[]> {
  const preparing = swaps.flatMap(({ instance, plugin }) => {
    const ready = instance.prepare(plugin)
    return ready === undefined ? [] : [refusalOf(instance, ready)]
  })
  if (preparing.length === 0) return swapReady(host, swaps)
  const refusals = (await Promise.all(preparing)).filter((refusal) => refusal !== undefined)
  const refused = new Set(refusals.map(({ instance }) => instance))
  const ready = swaps.filter(({ instance }) => !refused.has(instance))
  const results = [...refusals, ...(await swapReady(host, ready))]
  return swaps.flatMap((swap) => results.filter(({ instance }) => instance === swap.instance))
}

/** What a new version needs is made ready before a message has to wait; where that fails, the old one goes on. */
async function refusalOf(instance: PluginInstance, ready: Promise<void>): Promise<SwapResult | undefined> {
  try {
    await ready
    return undefined
  } catch (error) {
    return { instance, state: instance.state, error }
  }
}

async function swapReady(host: SwapHost, swaps: readonly Swap[]): Promise<SwapResult[]> {
  if (swaps.length === 0) return []
  const release = host.dispatcher.hold()
  const open = host.composer.gate.hold()
  const stopping = stoppedBy(swaps, host.instances)
  try {
    // All of them still look at what the handlers of any of them send, which then need not wait.
    await Promise.all(stopping.map((instance) => instance.drain()))
    const before = swaps.map(({ instance }) => snapshot(instance))
    const results = await swapTogether(swaps, before)
    const isDead = results.some(
      ({ state, error }, index) =>
        error !== undefined && state === 'failed' && before[index]?.wasRunning === true,
    )
    if (!isDead || swaps.length === 1) return results
    await restore(before)
    return await swapInTurn(swaps, before)
  } finally {
    void allBack(stopping, host.instances).finally(open)
    release()
  }
}

/** The plugins that a swap stops: those that are swapped, those below them, and those that use what they provide. */
function stoppedBy(swaps: readonly Swap[], instances: ReadonlySet<PluginInstance>): PluginInstance[] {
  const scopes = swaps.flatMap(({ instance: { scope } }) => (scope === undefined ? [] : [scope]))
  return Array.from(instances).filter(
    ({ scope }) => scope !== undefined && scopes.some((one) => scope === one || scope.restsOn(one)),
  )
}

/** Waits until plugins that had to stop, and those that stand below them now, have started again or will not. */
async function allBack(
  stopped: readonly PluginInstance[],
  instances: ReadonlySet<PluginInstance>,
): Promise<void> {
  const concerns = (one: PluginInstance): boolean =>
    stopped.some((other) => one === other || one.place.isBelow(other.place))
  for (;;) {
    const coming = Array.from(instances).filter((one) => one.isSettling && concerns(one))
    if (coming.length === 0) return
    await Promise.all(coming.map((one) => one.settled()))
  }
}

function snapshot(instance: PluginInstance): Before {
  const { plugin, config, when, scope } = instance
  return { instance, plugin, config, when, wasRunning: scope !== undefined }
}

async function swapTogether(swaps: readonly Swap[], before: readonly Before[]): Promise<SwapResult[]> {
  if (swaps.length > 1) await Promise.all(swaps.map(({ instance }) => instance.hold()))
  const results = await swapInTurn(swaps, before)
  // One that waited for another of them has started meanwhile, or failed to.
  return Promise.all(
    results.map(async (result, index) => {
      const { instance, error } = result
      if (error !== undefined || (await instance.settled()) !== 'failed') return result
      return rollBack(instance, before[index])
    }),
  )
}

async function swapInTurn(swaps: readonly Swap[], before: readonly Before[]): Promise<SwapResult[]> {
  const results: SwapResult[] = []
  for (const [index, { instance, plugin, config, when }] of swaps.entries()) {
    const state = await instance.replace(plugin, config, when)
    results.push(
      state === 'failed' ? await rollBack(instance, before[index]) : { instance, state, error: undefined },
    )
  }
  return results
}

async function rollBack(instance: PluginInstance, old: Before | undefined): Promise<SwapResult> {
  const { error, state } = instance
  if (old === undefined) return { instance, state, error }
  return { instance, state: await instance.replace(old.plugin, old.config, old.when), error }
}

/** Lets the old versions run again: one of them could not, because a new one had taken its place. */
async function restore(before: readonly Before[]): Promise<void> {
  await Promise.all(before.map(({ instance }) => instance.hold()))
  for (const { instance, plugin, config, when } of before) await instance.replace(plugin, config, when)
}
