import type { Addressing } from '../command/address.ts'
import { helpOf, helpOverview } from '../command/help.ts'
import type { CommandRegistry } from '../command/registry.ts'
import { helpView } from '../command/runner.ts'
import type { Plugin } from '../context/plugin.ts'
import type { Texts } from '../i18n/texts.ts'
import type { PermissionTable } from '../permission/permission.ts'
import { definePlugin } from './define-plugin.ts'

interface HelpHost {
  readonly commands: CommandRegistry
  readonly addressing: Addressing
  readonly texts: Texts
  readonly permissions: PermissionTable
}

/** The built-in `help`. */
export function helpPlugin(host: HelpHost): Plugin<object> {
  return definePlugin({
    name: 'help',
    setup(ctx) {
      const { commands, texts } = host
      ctx
        .command('help [command:text]', (locale) => texts.translate(locale, 'help.description'))
        .action(async ({ args: [name], session }) => {
          const view = await helpView(host, session)
          if (name === undefined) return helpOverview(view)
          const command = commands.get(name)
          if (command !== undefined && view.usable.has(command)) return helpOf(command, view)
          return /^\d{1,4}$/.test(name)
            ? helpOverview(view, Number(name))
            : view.translate('help.unknown', { name })
        })
    },
  })
}
