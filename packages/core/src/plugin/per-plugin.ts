import { hasBrand } from '../shared/brand.ts'

const brand: unique symbol = Symbol.for('mynah.per-plugin')

/** The plugin that holds a service of its own. */
export interface ServiceHolder {
  /** Name of the instance, such as `dice:second`. */
  readonly name: string
  /** What the plugin declares besides what the core knows, such as `tables`. */
  readonly declares: Readonly<Record<string, unknown>>
}

/** How each plugin gets a service of its own. */
export interface PerPluginOptions<T> {
  /**
   * Makes ready what a plugin declares, before it starts; of a new version, while the old one still answers. What is
   * ready already costs nothing. A plugin for which it rejects does not start.
   */
  readonly prepare?: (holder: ServiceHolder) => Promise<void>
  /** The service as that plugin holds it, made when it is first used. */
  readonly create: (holder: ServiceHolder) => T
}

/** A service of which each plugin has its own; made by {@link perPlugin}. */
export interface PerPlugin<T> extends PerPluginOptions<T> {
  /** Marks it, across copies of the framework. */
  readonly [brand]: true
}

/**
 * Makes a service that knows who uses it, for `ctx.provide`.
 *
 * @example
 * ```ts
 * ctx.provide('notes', perPlugin({ create: ({ name }) => new Notes(name) }))
 * ```
 */
export function perPlugin<T>(options: PerPluginOptions<T>): PerPlugin<T> {
  return { ...options, [brand]: true }
}

/** Recognises what any copy of this package has made. */
export function isPerPlugin(value: unknown): value is PerPlugin<unknown> {
  return hasBrand(value, brand)
}
