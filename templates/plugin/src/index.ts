import { type ConfigInput, definePlugin, type Plugin, z } from '@mynah/core'

/** Config of the plugin. */
export interface ExampleConfig {
  /** What it greets with. @defaultValue 'Hello' */
  greeting: string
}

const config: z.ZodType<ExampleConfig, ConfigInput<ExampleConfig>> = z.object({
  greeting: z.string().default('Hello').describe('What it greets with'),
})

declare module '@mynah/core' {
  // Gives `plugins: { example: … }` in a bot.config.ts its type.
  interface PluginConfigs {
    example: ConfigInput<ExampleConfig>
  }
}

const example: Plugin<ConfigInput<ExampleConfig>> = definePlugin({
  name: 'example',
  config,
  setup(ctx, { greeting }) {
    ctx
      .command('example [name:text]', 'Greet somebody')
      .action(({ args: [name], session }) => `${greeting}, ${name ?? session.user.name ?? session.user.id}!`)
  },
})

export default example
