import { type Clock, type Context, definePlugin, type Logger, type Plugin } from '@mynah/core'

import { OneBotBot } from './bot.ts'
import { type OneBotConfig, onebotConfig, type OneBotConfigInput } from './config.ts'
import { Forward } from './receive/forward.ts'
import type { Account, TransportHost } from './receive/host.ts'
import { Http } from './receive/http.ts'
import { Reverse } from './receive/reverse.ts'
import { Webhook } from './receive/webhook.ts'

/** Connects QQ accounts through OneBot 11 implementations; see {@link OneBotConfig}. */
export const onebotAdapter: Plugin<OneBotConfigInput> = definePlugin({
  name: 'onebot',
  config: onebotConfig,
  setup(ctx, options: OneBotConfig) {
    const { timeout: timeoutMs } = options
    const host = new AdapterHost(ctx, options)
    for (const config of options.forward) {
      const forward = new Forward({ host, config, timeoutMs })
      ctx.effect(() => () => forward.stop(), `WebSocket to ${new URL(config.url).host}`, 'connection')
      if (config.selfId !== undefined) host.expect(config.selfId)
      forward.start()
    }
    for (const config of options.http) {
      const http = new Http({ host, config, timeoutMs })
      ctx.effect(() => () => http.stop(), `HTTP API at ${new URL(config.url).host}`, 'connection')
      if (config.selfId !== undefined) host.expect(config.selfId)
      http.start()
    }
    if (options.reverse.length > 0 || options.webhook.length > 0) ctx.plugin(serverPlugin(host, options))
  },
})

/** A plugin of its own, so that the connections we dial need not wait for the server. */
function serverPlugin(host: TransportHost, { reverse, webhook, timeout: timeoutMs }: OneBotConfig): Plugin {
  return definePlugin({
    name: 'onebot-server',
    inject: ['server'],
    setup(ctx) {
      for (const config of reverse) {
        const endpoint = new Reverse({ host, config, timeoutMs })
        ctx.effect(() => endpoint.listen(ctx.server, 'onebot'), `WebSocket ${config.path}`, 'route')
      }
      for (const config of webhook) {
        const endpoint = new Webhook({ host, config })
        ctx.effect(() => endpoint.listen(ctx.server, 'onebot'), `POST ${config.path}`, 'route')
      }
    },
  })
}

/** More accounts than any adapter has; a peer that makes ids up cannot fill the memory. */
const maxAccounts = 256

/** The accounts of one adapter, each a bot of the app from when it is first heard of. */
export class AdapterHost implements TransportHost {
  readonly logger: Logger
  readonly clock: Clock
  readonly #ctx: Context
  readonly #config: OneBotConfig
  readonly #bots = new Map<string, OneBotBot>()
  readonly #removals = new Map<Account, () => unknown>()
  /** Accounts that the config names. */
  readonly #expected = new Set<string>()

  constructor(ctx: Context, config: OneBotConfig) {
    this.#ctx = ctx
    this.#config = config
    this.logger = ctx.logger
    this.clock = ctx.clock
  }

  get isStopping(): boolean {
    return this.#ctx.signal.aborted
  }

  account(selfId: string): OneBotBot | undefined {
    const found = this.#bots.get(selfId)
    if (found !== undefined || this.isStopping) return found
    const { logger, clock } = this
    if (this.#bots.size >= maxAccounts) {
      logger.warn({ selfId }, `An account was refused: there are ${maxAccounts} already`)
      return undefined
    }
    const bot: OneBotBot = new OneBotBot({
      selfId,
      config: this.#config,
      logger,
      clock,
      onStop: () => this.#delete(bot),
    })
    this.#removals.set(bot, this.#ctx.addBot(bot))
    this.#bots.set(selfId, bot)
    return bot
  }

  /** Adds an account that the config names. */
  expect(selfId: string): void {
    this.#expected.add(selfId)
    this.account(selfId)
  }

  forgetGhost(account: Account): void {
    const { connections, receiver, selfId } = account
    if (receiver.lastEventAt !== undefined || connections.isConnected || this.#expected.has(selfId)) return
    this.#removals.get(account)?.()
  }

  refused(reason: string): void {
    if (this.#config.onRefused === 'exit') this.#ctx.emit('exit-requested', { code: 78, reason })
  }

  #delete(bot: OneBotBot): void {
    this.#removals.delete(bot)
    if (this.#bots.get(bot.selfId) === bot) this.#bots.delete(bot.selfId)
  }
}
