import { type Clock, type Context, definePlugin, type Plugin, systemClock } from '@mynah/core'
import { QQBot } from './bot.ts'
import { type QQConfig, qqConfig, type QQConfigInput } from './config.ts'
import { GatewayCluster } from './receive/gateway-cluster.ts'
import { privateIntents } from './receive/intents.ts'
import type { GatewaySessionStore } from './receive/session-store.ts'
import { Webhook } from './receive/webhook.ts'
import { addWebhook } from './receive/webhook-route.ts'

declare module '@mynah/core' {
  interface Services {
    /** Keeps gateway sessions of QQ bots over restarts. */
    qqSessions: GatewaySessionStore
  }
}

/** The plugin with a clock of its own, for tests. */
export function createQQPlugin(clock: Clock): Plugin<QQConfigInput> {
  return definePlugin({
    name: 'qq',
    config: qqConfig,
    inject: { qqSessions: 'optional' },
    setup(ctx, config) {
      const onRefused = exitIfAsked(ctx, config)
      const bot = new QQBot({ config, clock, logger: ctx.logger, onRefused })
      ctx.addBot(bot)
      describe(ctx, config)
      if (config.transport === 'webhook') {
        ctx.plugin(webhookPlugin(bot, config, clock))
        return
      }
      const { logger, qqSessions: store } = ctx
      const cluster = new GatewayCluster({
        config,
        api: bot.platformApi.gateway,
        credentials: bot.credentials,
        store,
        clock,
        logger,
        onEvent: (envelope) => bot.receive(envelope),
        onUnreadable: (reason) => bot.refused(reason),
        onCredentialsRefused: onRefused,
        onStatus: (status) => {
          bot.setStatus(status === 'stopped' ? 'offline' : status)
        },
      })
      bot.use(cluster)
      void cluster.start()
    },
  })
}

/** Connects an official QQ bot. */
export const qqAdapter: Plugin<QQConfigInput> = createQQPlugin(systemClock)

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

function webhookPlugin(bot: QQBot, config: QQConfig, clock: Clock): Plugin {
  const { appId, secret, webhook: settings } = config
  return definePlugin({
    name: 'qq-webhook',
    inject: ['server'],
    setup(ctx) {
      const { logger, server } = ctx
      const webhook = new Webhook({
        ...settings,
        appId,
        secret,
        clock,
        logger,
        // The answer goes first: handlers may take longer than the platform waits.
        onEvent: (envelope) => void setImmediate(() => bot.receive(envelope)),
        onRefused: (reason) => bot.refused(reason),
      })
      ctx.effect(() => addWebhook(server, settings.path, webhook, ctx.name), `POST ${settings.path}`, 'route')
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
