import { createPlugin, type Inject, type Plugin, type PluginOptions } from '../plugin/plugin.ts'
import type { Context } from './context.ts'

/**
 * Makes a plugin.
 *
 * @example
 * ```ts
 * export default definePlugin({
 *   name: 'dice',
 *   config: z.object({ sides: z.int().min(2).default(6) }),
 *   setup(ctx, config) {
 *     ctx.command('roll', 'Roll a die').action(() => 1 + Math.floor(Math.random() * config.sides))
 *   },
 * })
 * ```
 * @throws MynahError `PLUGIN_INVALID` when there is no name or no `setup`.
 */
export function definePlugin<
  Config = object,
  Input = Config,
  const I extends Inject = readonly [],
  D = unknown,
>(options: PluginOptions<Context, Config, Input, I, D>): Plugin<Input> {
  return createPlugin(options)
}
