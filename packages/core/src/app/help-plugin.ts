import type { Plugin } from '../context/plugin.ts'
import { helpOf, helpOverview, type Translate } from '../command/help.ts'
import type { CommandRegistry } from '../command/registry.ts'
import type { Addressing } from '../command/address.ts'
import type { Texts } from '../i18n/texts.ts'
import { definePlugin } from './define-plugin.ts'

interface HelpHost {
  readonly commands: CommandRegistry
  readonly addressing: Addressing
  readonly texts: Texts
}

/** The built-in `help`. */
export function helpPlugin(host: HelpHost): Plugin<object> {
  return definePlugin({
    name: 'help',
    setup(ctx) {
      const { commands, texts } = host
      const translate: Translate = (key, values) => texts.translate(undefined, key, values)
      ctx.command('help [command:text]', translate('help.description')).action(({ args: [name] }) => {
        const prefix = host.addressing.prefixes[0] ?? ''
        if (name === undefined) return helpOverview(commands, prefix, translate)
        const command = commands.get(name)
        return command === undefined
          ? translate('help.unknown', { name })
          : helpOf(commands, command, prefix, translate)
      })
    },
  })
}
