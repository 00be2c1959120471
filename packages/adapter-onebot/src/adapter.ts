import { type Context, definePlugin, type Plugin, systemClock } from '@mynah/core'

import { Accounts } from './accounts.ts'
import { OneBotBot } from './bot.ts'
import { config, type OneBotConfig, type OneBotConfigInput } from './config.ts'
import { Forward } from './receive/forward.ts'
import { Http } from './receive/http.ts'
import { Reverse } from './receive/reverse.ts'
import { Webhook } from './receive/webhook.ts'

/** Connects QQ accounts through OneBot 11 implementations; see {@link OneBotConfig}. */
const plugin: Plugin<OneBotConfigInput> = definePlugin({
  name: 'onebot',
  config,
  setup(ctx, options: OneBotConfig) {
    const { timeoutMs } = options
    const accounts = makeAccounts(ctx, options)
    for (const config of options.forward) {
      const forward = new Forward({ accounts, config, timeoutMs })
      ctx.effect(() => () => forward.stop(), `WebSocket to ${new URL(config.url).host}`, 'connection')
      if (config.selfId !== undefined) accounts.expect(config.selfId)
      forward.start()
    }
    for (const config of options.http) {
      const http = new Http({ accounts, config, timeoutMs })
      ctx.effect(() => () => http.stop(), `HTTP API at ${new URL(config.url).host}`, 'connection')
      if (config.selfId !== undefined) accounts.expect(config.selfId)
      http.start()
    }
    if (options.reverse.length > 0 || options.webhook.length > 0) ctx.plugin(serverPlugin(accounts, options))
  },
})

/** Makes the table of accounts; each one that is heard of becomes a bot of the app. */
export function makeAccounts(ctx: Context, options: OneBotConfig): Accounts {
  const { maxCalls, maxMessageAgeMs, onRefused } = options
  const accounts: Accounts = new Accounts({
    logger: ctx.logger,
    clock: systemClock,
    signal: ctx.signal,
    maxCalls,
    maxMessageAgeMs,
    onAccount: (account) => {
      const bot = new OneBotBot(account, options, () => accounts.delete(account))
      const remove = ctx.addBot(bot)
      bot.start()
      return remove
    },
    onRefused: (reason) => {
      if (onRefused === 'exit') ctx.emit('exit-requested', { code: 78, reason })
    },
  })
  return accounts
}

/** A plugin of its own, so that the connections we dial need not wait for the server. */
function serverPlugin(accounts: Accounts, { reverse, webhook, timeoutMs }: OneBotConfig): Plugin {
  return definePlugin({
    name: 'onebot-server',
    inject: ['server'],
    setup(ctx) {
      for (const config of reverse) {
        const endpoint = new Reverse({ accounts, config, timeoutMs })
        ctx.effect(() => endpoint.listen(ctx.server, 'onebot'), `WebSocket ${config.path}`, 'route')
      }
      for (const config of webhook) {
        const endpoint = new Webhook({ accounts, config })
        ctx.effect(() => endpoint.listen(ctx.server, 'onebot'), `POST ${config.path}`, 'route')
      }
    },
  })
}

export default plugin
