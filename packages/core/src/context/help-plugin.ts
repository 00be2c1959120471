import { helpOf, helpOverview } from '../command/help.ts'
import { type HelpHost, helpView } from '../command/runner.ts'
import type { Plugin } from '../plugin/plugin.ts'
import { wordsFor } from '../i18n/framework-texts.ts'
import { definePlugin } from './define-plugin.ts'

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
          const command = commands.table.get(name)
          if (command !== undefined && view.usable.has(command)) return helpOf(command, view)
          return /^\d{1,4}$/.test(name)
            ? helpOverview(view, Number(name))
            : view.translate('help.unknown', { name })
        })
      for (const declared of commands.declared) {
        if (declared.scope !== ctx.scope) continue
        // A plugin may give these names to a command of its own.
        for (const name of wordsFor('help')) commands.addAlias(declared, { name, isSpare: true })
      }
    },
  })
}
