import { shownAddress } from '@mynah/adapter-kit'
import { type Context, definePlugin, type Plugin } from '@mynah/core'
import { deferred } from '@mynah/core/adapter'

import type { RouteOptions } from '@mynah/server'

import { signIn } from './api/sign-in.ts'
import { UserApi } from './api/users.ts'
import { KookBot } from './bot.ts'
import { type KookConfig, kookConfig, type KookConfigInput, type KookWebhookConfig } from './config.ts'
import { isTokenRefused } from './errors.ts'
import { KookHttp } from './http.ts'
import { OnlineWatch } from './receive/online-watch.ts'
import { maxBodyBytes } from './receive/webhook.ts'
import type { KookSelf } from './wire/objects.ts'

/** How long the start waits for the first try to sign in, in ms. */
const firstTryMs = 10_000
/** What the program ends with when its config has to be mended. */
const refusedCode = 78
/** How often a webhook bot looks whether it is online, in ms. */
const watchEveryMs = 60_000

/** Connects one KOOK bot. What fails is told and tried again, for as long as the plugin runs. */
export const kookAdapter: Plugin<KookConfigInput> = definePlugin<KookConfig, KookConfigInput>({
  name: 'kook',
  config: kookConfig,
  async setup(ctx, config) {
    const http = new KookHttp({ ...config, logger: ctx.logger, clock: ctx.clock })
    ctx.effect(() => () => http.stop(), 'HTTP client')
    const onTokenRefused = (): void => tokenRefused(ctx, config)
    const start = (self: KookSelf): void => {
      const bot = new KookBot({ self, http, config, logger: ctx.logger, clock: ctx.clock, onTokenRefused })
      ctx.addBot(bot)
      if (config.transport === 'webhook' && config.webhook !== undefined) listen(ctx, config.webhook, bot)
      else void bot.connect()
    }
    const tried = deferred<undefined>()
    const signedIn = signIn({
      users: new UserApi(http),
      address: shownAddress(config.baseUrl),
      logger: ctx.logger,
      signal: ctx.signal,
      clock: ctx.clock,
      onFailure: (error) => {
        tried.resolve(undefined)
        if (isTokenRefused(error)) onTokenRefused()
      },
    })
    const stopWaiting = ctx.setTimeout(() => tried.resolve(undefined), firstTryMs)
    const first = await Promise.race([signedIn.catch(() => undefined), tried.promise])
    void stopWaiting()
    if (first !== undefined) return start(first)
    // It ends without a bot only when the plugin stops.
    void signedIn.then(start, () => {})
  },
})

/** Ends the program where the config says so; nobody but an operator can mend a token. */
function tokenRefused(ctx: Context, { onRefused }: KookConfig): void {
  if (onRefused !== 'exit') return
  const request = { code: refusedCode, reason: 'KOOK refuses the token of the bot' }
  if (ctx.isReady) ctx.emit('exit-requested', request)
  else ctx.once('ready', () => ctx.emit('exit-requested', request))
}

/** Serves the webhook as a plugin of its own, which waits for the shared server. */
function listen(ctx: Context, config: KookWebhookConfig, bot: KookBot): void {
  ctx.plugin(
    definePlugin({
      name: 'kook-webhook',
      inject: ['server'],
      async setup(child) {
        const webhook = await bot.webhook(config)
        // The platform puts its token into the body.
        const options: RouteOptions = { label: child.scope.name, guard: 'token', maxBodyBytes }
        const { path } = config
        child.effect(
          () => child.server.route('POST', path, (request) => webhook.answer(request), options),
          `POST ${path}`,
          'route',
        )
        bot.setStatus('online')
        const watch = new OnlineWatch({
          api: bot.platformApi.users,
          onStatus: (status) => bot.setStatus(status),
          logger: child.logger,
          clock: child.clock,
          everyMs: watchEveryMs,
        })
        child.setInterval(() => watch.look(), watchEveryMs)
      },
    }),
  )
}
