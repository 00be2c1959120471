import { type KitLogger, shownAddress } from '@mynah/adapter-kit'
import { type Context, definePlugin, type Plugin, systemClock } from '@mynah/core'

import type { RouteOptions } from '@mynah/server'

import { KookBot } from './bot.ts'
import { config, type KookConfig, type KookConfigInput } from './config.ts'
import { KookGateway } from './receive/gateway.ts'
import { KookHttp } from './http.ts'
import { Inbound } from './receive/receive.ts'
import { OnlineWatch } from './receive/online-watch.ts'
import { KookApi } from './api/kook-api.ts'
import { isTokenRefused, SignIn } from './api/sign-in.ts'
import { KookWebhook, maxBodyBytes } from './receive/webhook.ts'
import type { KookSelf } from './wire/objects.ts'

/** How long the start waits for the first try to sign in, in ms. */
const firstTryMs = 10_000
/** What the program ends with when its config has to be mended. */
const refusedCode = 78
/** How often a webhook bot looks whether it is online, in ms. */
const watchEveryMs = 60_000

/** Connects one KOOK bot. What fails is told and tried again, for as long as the plugin runs. */
const plugin: Plugin<KookConfigInput> = definePlugin<KookConfig, KookConfigInput>({
  name: 'kook',
  config,
  async setup(ctx, settings) {
    const http = new KookHttp({ ...settings, logger: ctx.logger })
    ctx.effect(() => () => http.stop(), 'HTTP client')
    const signIn = new SignIn(ctx, new KookApi(http), shownAddress(settings.baseUrl), () =>
      tokenRefused(ctx, settings),
    )
    const soon = AbortSignal.any([ctx.signal, AbortSignal.timeout(firstTryMs)])
    const first = await signIn.attempt(soon)
    if (first !== undefined) return connect(ctx, settings, http, first)
    void signIn.untilDone().then((self) => {
      if (self !== undefined) connect(ctx, settings, http, self)
    })
  },
})

export default plugin

/** Ends the program where the config says so; nobody but an operator can mend a token. */
function tokenRefused(ctx: Context, { onRefused }: KookConfig): void {
  if (onRefused !== 'exit') return
  const request = { code: refusedCode, reason: 'KOOK refuses the token of the bot' }
  if (ctx.isReady) ctx.emit('exit-requested', request)
  else ctx.once('ready', () => ctx.emit('exit-requested', request))
}

function connect(ctx: Context, settings: KookConfig, http: KookHttp, self: KookSelf): void {
  const bot = new KookBot({
    self,
    http,
    nameAnswered: settings.nameAnswered,
    privateHosts: settings.media.privateHosts,
  })
  ctx.addBot(bot)
  const inbound = new Inbound({
    selfId: bot.selfId,
    ignoreBots: settings.ignoreBots,
    ignoreNotices: settings.ignoreNotices,
    internal: bot.internal,
    messenger: bot.messenger,
    logger: ctx.logger,
    emit: (event) => void bot.emit(event),
  })
  if (settings.mode === 'webhook') listen(ctx, settings, bot, inbound)
  else void receive(ctx, settings, bot, inbound)
}

async function receive(ctx: Context, settings: KookConfig, bot: KookBot, inbound: Inbound): Promise<void> {
  const gateway = new KookGateway({
    lookUp: async (signal) => {
      try {
        return (await bot.internal.platform.gateway(settings.compress, signal)).url
      } catch (error) {
        if (isTokenRefused(error)) tokenRefused(ctx, settings)
        throw error
      }
    },
    onEvent: (data) => inbound.receive(data),
    onRefused: (reason) => bot.refused(reason),
    onTokenRefused: () => tokenRefused(ctx, settings),
    onStatus: (status) => {
      // What happened meanwhile may be lost.
      if (status !== 'online') {
        bot.internal.voiceStates.forget()
        bot.internal.ranks.forget()
      }
      bot.setStatus(status)
    },
    logger: ctx.logger,
    maxAgeMs: settings.maxConnectionAge,
    clock: systemClock,
  })
  bot.closeWith(() => gateway.stop())
  if (settings.signOffFirst) await signOff(bot, ctx.logger)
  if (!ctx.signal.aborted) gateway.start()
}

/** Ends another connection of the bot, which would keep the events to itself. */
async function signOff(bot: KookBot, logger: KitLogger): Promise<void> {
  try {
    const { online } = await bot.internal.user.onlineStatus()
    if (online) await bot.internal.user.offline()
  } catch (err) {
    logger.warn({ err }, 'The bot could not be signed off; it connects all the same.')
  }
}

/** Serves the webhook as a plugin of its own, which waits for the shared server. */
function listen(ctx: Context, settings: KookConfig, bot: KookBot, inbound: Inbound): void {
  const { path, verifyToken, encryptKey } = settings.webhook ?? { path: '/kook', verifyToken: '' }
  const webhook = new KookWebhook({
    verifyToken,
    encryptKey,
    onEvent: (data) => inbound.receive(data),
    onRefused: (reason) => bot.refused(reason),
    logger: ctx.logger,
  })
  ctx.plugin(
    definePlugin({
      name: 'kook-webhook',
      inject: ['server'],
      setup(child) {
        // The platform puts its token into the body.
        const options: RouteOptions = { label: child.scope.name, guard: 'token', maxBodyBytes }
        const handle = webhook.handle.bind(webhook)
        child.effect(() => child.server.route('POST', path, handle, options), `POST ${path}`, 'route')
        bot.setStatus('online')
        const watch = new OnlineWatch(
          bot.internal.user,
          (status) => bot.setStatus(status),
          child.logger,
          watchEveryMs,
        )
        child.setInterval(() => watch.look(), watchEveryMs)
      },
    }),
  )
}
