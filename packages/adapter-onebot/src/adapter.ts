import { systemClock } from '@mynah/adapter-kit'
import { definePlugin, type Plugin } from '@mynah/core'

import { Accounts } from './accounts.ts'
import { OneBotBot } from './bot.ts'
import { config, type OneBotConfig, type OneBotConfigInput } from './config.ts'
import { Forward } from './transports/forward.ts'
import { Reverse } from './transports/reverse.ts'

/** Connects QQ accounts through OneBot 11 implementations; see {@link OneBotConfig}. */
const plugin: Plugin<OneBotConfigInput> = definePlugin({
  name: 'onebot',
  config,
  setup(ctx, options: OneBotConfig) {
    const { timeoutMs, maxCalls, maxMessageAgeMs } = options
    const accounts: Accounts = new Accounts({
      logger: ctx.logger,
      clock: systemClock,
      signal: ctx.signal,
      maxCalls,
      maxMessageAgeMs,
      onAccount: (account) => {
        const bot = new OneBotBot(account, options, () => accounts.delete(account))
        ctx.addBot(bot)
        bot.start()
      },
    })
    for (const config of options.forward) {
      const forward = new Forward({ accounts, config, timeoutMs })
      ctx.effect(() => () => forward.stop(), `WebSocket to ${new URL(config.url).host}`, 'connection')
      if (config.selfId !== undefined) accounts.get(config.selfId)
      forward.start()
    }
    if (options.reverse.length > 0) ctx.plugin(reversePlugin(accounts, options))
  },
})

/** A plugin of its own, so that the other connections need not wait for the server. */
function reversePlugin(accounts: Accounts, { reverse, timeoutMs }: OneBotConfig): Plugin {
  return definePlugin({
    name: 'onebot-reverse',
    inject: ['server'],
    setup(ctx) {
      for (const config of reverse) {
        const endpoint = new Reverse({ accounts, config, timeoutMs })
        ctx.effect(() => endpoint.listen(ctx.server, 'onebot'), `WebSocket ${config.path}`, 'route')
      }
    },
  })
}

export default plugin
