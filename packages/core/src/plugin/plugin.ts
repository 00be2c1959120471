import type { ZodType } from 'zod'

import { MynahError } from '../errors/mynah-error.ts'
import { CallSite, type SourceSite } from '../shared/stack.ts'
import type { DeclaredServices, ServiceName, Services } from './services.ts'

const brand: unique symbol = Symbol.for('mynah.plugin')

/** How many calls lie between the place that defines a plugin and here: `definePlugin` and {@link createPlugin}. */
const definedAbove = 2

/** Services that a plugin uses: a list of required ones, or names with `required` or `optional`. */
export type Inject = readonly ServiceName[] | { readonly [K in ServiceName]?: 'required' | 'optional' }

/** A service as a plugin holds it that declares `D`. */
type ServiceOf<K extends ServiceName, D> = K extends keyof DeclaredServices<D>
  ? DeclaredServices<D>[K]
  : Services[K]

/** What `inject` puts on the context; `D` is what the plugin declares. */
export type Injected<I, D = unknown> = I extends readonly (infer K extends ServiceName)[]
  ? { readonly [Name in K]: ServiceOf<Name, D> }
  : {
      readonly [K in keyof I & ServiceName]: I[K] extends 'optional'
        ? ServiceOf<K, D> | undefined
        : ServiceOf<K, D>
    }

/**
 * What a plugin may declare for a service besides what the core knows. Packages add their fields by augmentation;
 * `_D` is inferred from them, and {@link DeclaredServices} tells what comes of it.
 */
export interface Declarations<_D> {}

/**
 * Configs of plugins by the name they have in a config file, so that a config in TypeScript is checked.
 * Plugins add theirs by augmentation.
 */
export interface PluginConfigs {}

/** Configs of adapters by the name they have in a config file; adapters add theirs by augmentation. */
export interface AdapterConfigs {}

/** A config as people write it: everything may be left out but what `Needed` names. */
export type ConfigInput<T, Needed extends keyof T = never> = { readonly [K in Needed]: T[K] } & {
  readonly [K in Exclude<keyof T, Needed>]?: T[K] | undefined
}

/** What {@link Plugin} is made of. `Ctx` is the context that `setup` receives. */
export interface PluginOptions<Ctx, Config, Input, I, D = unknown> extends Declarations<D> {
  /** Short name, such as `dice`; it stands in logs, config and reports. */
  readonly name: string
  /** Zod schema of the plugin's config; `setup` receives what it makes of the entry in the config file. */
  readonly config?: ZodType<Config, Input>
  /** Services to wait for; the plugin stops when a required one goes and starts again when it is back. */
  readonly inject?: I
  /** Names of the services it provides, for reports before it has started. */
  readonly provides?: readonly ServiceName[]
  /** Registers everything. What fails here stops only this plugin. */
  setup(ctx: Ctx & Injected<I, D>, config: Config): void | Promise<void>
}

/** What a plugin is made of for the core; the rest it declares for services. */
const ownFields: ReadonlySet<string> = new Set(['name', 'config', 'inject', 'provides', 'setup'])

/** A plugin, ready for `ctx.plugin()`. `Input` is what its config may be written as. */
export interface Plugin<Input = unknown> {
  /** Name in logs and traces. */
  readonly name: string
  /** What its config has to be; anything when absent. */
  readonly schema: ZodType<unknown, Input> | undefined
  /** Services that it cannot run without. */
  readonly required: readonly string[]
  /** Services that it uses where they are there. */
  readonly optional: readonly string[]
  /** Services that it provides. */
  readonly provides: readonly string[]
  /** What it declares for services besides what the core knows, such as `tables`. */
  readonly declares: Readonly<Record<string, unknown>>
  /** Where it was defined, as far as that can be told. */
  readonly source: SourceSite | undefined
  /** Checks a config and starts: what {@link createPlugin} made of `setup`. */
  start(ctx: object, config: unknown): void | Promise<void>
  /** Marks it as a plugin, across copies of the framework. */
  readonly [brand]: true
}

/**
 * Makes a plugin; contexts are of type `Ctx`.
 *
 * @throws MynahError `PLUGIN_INVALID` when there is no name or no `setup`.
 */
export function createPlugin<Ctx extends object, Config, Input, I, D>(
  options: PluginOptions<Ctx, Config, Input, I, D>,
): Plugin<Input> {
  if (typeof options?.name !== 'string' || options.name === '' || typeof options.setup !== 'function') {
    throw new MynahError('PLUGIN_INVALID', 'definePlugin needs { name, setup }.')
  }
  const { name, config: schema, inject, provides = [] } = options
  const names: [string, unknown][] = isList(inject)
    ? inject.map((service) => [service, 'required'])
    : Object.entries(inject ?? {})
  const origin = new CallSite()
  return {
    name,
    schema,
    required: names.filter(([, mode]) => mode !== 'optional').map(([service]) => service),
    optional: names.filter(([, mode]) => mode === 'optional').map(([service]) => service),
    provides,
    declares: Object.fromEntries(Object.entries(options).filter(([key]) => !ownFields.has(key))),
    get source() {
      return origin.above(definedAbove)
    },
    // The manager hands in the context it made for this plugin and the config that `schema` has checked.
    start: (ctx, config) => options.setup(ctx as Ctx & Injected<I, D>, config as Config),
    [brand]: true,
  }
}

function isList(inject: unknown): inject is readonly string[] {
  return Array.isArray(inject)
}

/** Recognises plugins made by any copy of this package. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && brand in value
}
