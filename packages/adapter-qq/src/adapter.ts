import { type Context, definePlugin, type Plugin } from '@mynah/core'
import { QQBot } from './bot.ts'
import { type QQConfig, qqConfig, type QQConfigInput } from './config.ts'
import { GatewayCluster } from './receive/gateway-cluster.ts'
import { privateIntents } from './receive/intents.ts'
import { PushIntake } from './receive/push-intake.ts'
import { Webhook } from './receive/webhook.ts'
import { addWebhook } from './receive/webhook-route.ts'

/** Connects an official QQ bot. */
export const qqAdapter: Plugin<QQConfigInput> = definePlugin({
  name: 'qq',
  config: qqConfig,
  setup(ctx, config) {
    const { clock, logger } = ctx
    const onCredentialsRefused = exitIfAsked(ctx, config)
    const bot = new QQBot({ config, clock, logger, onRefused: onCredentialsRefused })
    ctx.addBot(bot)
    describe(ctx, config)
    if (config.transport === 'webhook') {
      ctx.plugin(webhookPlugin(bot, config))
      return
    }
    const cluster = new GatewayCluster({
      config,
      api: bot.platformApi.gateway,
      credentials: bot.credentials,
      keys: () => bot.keys,
      onSettled: (listener) => bot.onSettled(listener),
      clock,
      logger,
      onEvent: (envelope, signal, passage) => bot.receive(envelope, signal, passage),
      onUnreadable: (reason) => bot.refused(reason),
      onCredentialsRefused,
      onStatus: (status) => bot.setStatus(status === 'failed' ? 'offline' : status),
    })
    bot.use(cluster)
    void cluster.start()
  },
})

function describe({ logger }: Context, { sandbox, endpoints, intents, transport }: QQConfig): void {
  logger.info(`QQ ${sandbox ? 'sandbox' : 'production'} at ${endpoints.api}, events by ${transport}`)
  const rare = privateIntents.filter((name) => intents.includes(name))
  if (transport === 'websocket' && rare.length > 0) {
    logger.warn(`${rare.join(', ')}: only private-domain bots are granted these intents`)
  }
}

/** The configuration has to be mended before it can work. */
const exitCode = 78

/** What happens when the platform refuses the credentials, beside that they are tried again. */
function exitIfAsked(ctx: Context, { onRefused, appId }: QQConfig): (reason: string) => void {
  let isAsked = false
  return (reason) => {
    if (onRefused !== 'exit' || isAsked) return
    isAsked = true
    ctx.emit('exit-requested', { code: exitCode, reason: `QQ refuses the bot ${appId}: ${reason}` })
  }
}

/** The platform calls back on these alone. */
const publicPorts: ReadonlySet<number> = new Set([80, 443, 8080, 8443])

function webhookPlugin(bot: QQBot, config: QQConfig): Plugin {
  const { appId, secret, webhook: settings } = config
  return definePlugin({
    name: 'qq-webhook',
    inject: ['server'],
    async setup(ctx) {
      const { clock, logger, server } = ctx
      const pushes = new PushIntake({ bot, clock, logger })
      ctx.effect(() => () => pushes.stop(), 'pushed events')
      await pushes.open()
      const webhook = new Webhook({
        ...settings,
        appId,
        secret,
        clock,
        logger,
        onEvent: (envelope) => pushes.take(envelope),
        onRefused: (reason) => bot.refused(reason),
      })
      const leave = ctx.effect(
        () => addWebhook(server, settings.path, webhook, ctx.name),
        `POST ${settings.path}`,
        'route',
      )
      // What comes from here on is for the next start: the platform sends again what is not acknowledged.
      ctx.on('stopping', () => void leave())
      const port = server.address?.port
      if (port !== undefined && !publicPorts.has(port)) {
        logger.warn(
          `The platform calls ports 80, 443, 8080 and 8443 only; something has to lead there to port ${port}`,
        )
      }
      bot.setStatus('online')
      void bot.introduce()
    },
  })
}
