import { type ConfigInput, type Context, definePlugin, MynahError, type Plugin, z } from '@mynah/core'

import { Server } from './server.ts'

declare module '@mynah/core' {
  interface Services {
    /** The HTTP and WebSocket server that webhooks and reverse WebSockets share. */
    server: Server
  }

  interface ErrorCodes {
    SERVER_LISTEN_FAILED: true
    ROUTE_CONFLICT: true
  }
}

/** Where the shared server listens. */
export interface ServerConfig {
  /** Address to listen on. @defaultValue '127.0.0.1' */
  host: string
  /** Port to listen on; 0 takes a free one. @defaultValue 8080 */
  port: number
  /** What to do while another program has the port: try again, or end with exit code 69. @defaultValue 'retry' */
  onPortInUse: 'retry' | 'exit'
}

const config: z.ZodType<ServerConfig, ConfigInput<ServerConfig>> = z.object({
  host: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all'),
  port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 takes a free one'),
  onPortInUse: z
    .enum(['retry', 'exit'])
    .default('retry')
    .describe('While another program has the port: try again, or end with exit code 69'),
})

/** EX_UNAVAILABLE of sysexits.h. */
const unavailable = 69
const firstDelayMs = 5000
const longestDelayMs = 60_000
/** What may go away by itself: another program ends, an address or a name server comes up. */
const passing = new Set(['EADDRINUSE', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'])

/**
 * Provides `ctx.server`. Register routes through `ctx.effect`, so that they go away with their plugin:
 *
 * ```ts
 * const options = { label: ctx.name, guard: 'token', authorize }
 * ctx.effect(() => ctx.server.route('POST', '/hook', handler, options), 'POST /hook', 'route')
 * ```
 *
 * While it cannot listen it tries again, and its routes wait.
 */
const plugin: Plugin<ConfigInput<ServerConfig>> = definePlugin({
  name: 'server',
  config,
  provides: ['server'],
  async setup(ctx, settings) {
    const server = new Server({ logger: ctx.logger })
    ctx.effect(() => () => server.close(), 'listening socket')
    await new Listening(ctx, server, settings).begin()
    ctx.provide('server', server)
  },
})

/** Makes a server listen, however long that takes. */
class Listening {
  readonly #ctx: Context
  readonly #server: Server
  readonly #settings: ServerConfig
  #told: string | undefined
  #delayMs = firstDelayMs
  #waitedMs = 0

  constructor(ctx: Context, server: Server, settings: ServerConfig) {
    this.#ctx = ctx
    this.#server = server
    this.#settings = settings
  }

  /** The first try. @throws MynahError `SERVER_LISTEN_FAILED` for what a person has to mend in the config. */
  async begin(): Promise<void> {
    const { host, port } = this.#settings
    const { logger } = this.#ctx
    try {
      const address = await this.#server.listen({ host, port })
      const late = this.#waitedMs === 0 ? '' : ` after ${this.#waitedMs / 1000} s`
      logger.info(`Listening on http://${address.host}:${address.port}${late}`)
    } catch (error) {
      if (this.#ctx.signal.aborted) return
      this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    const code = codeOf(error)
    if (!MynahError.is(error) || code === undefined || !passing.has(code)) throw error
    if (code === 'EADDRINUSE' && this.#settings.onPortInUse === 'exit') {
      return this.#ctx.emit('exit-requested', { code: unavailable, reason: error.message })
    }
    const { logger } = this.#ctx
    const line = `${error.message} Next try in ${this.#delayMs / 1000} s.`
    if (this.#told === error.message) logger.debug(line)
    else logger.warn(line)
    this.#told = error.message
    this.#ctx.setTimeout(() => void this.#again(), this.#delayMs)
    this.#waitedMs += this.#delayMs
    this.#delayMs = Math.min(longestDelayMs, this.#delayMs * 2)
  }

  async #again(): Promise<void> {
    try {
      await this.begin()
    } catch (err) {
      this.#ctx.logger.error({ err }, 'The server does not listen, and it is not tried again.')
    }
  }
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
}

export default plugin
