import { type ConfigInput, definePlugin, type Plugin, z } from '@mynah/core'

import { Server } from './server.ts'

declare module '@mynah/core' {
  interface Services {
    /** The HTTP and WebSocket server that webhooks and reverse WebSockets share. */
    server: Server
  }
}

/** Where the shared server listens. */
export interface ServerConfig {
  /** Address to listen on. @defaultValue '127.0.0.1' */
  host: string
  /** Port to listen on; 0 takes a free one. @defaultValue 8080 */
  port: number
}

const config: z.ZodType<ServerConfig, ConfigInput<ServerConfig>> = z.object({
  host: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all'),
  port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 takes a free one'),
})

/**
 * Provides `ctx.server`. Register routes through `ctx.effect`, so that they go away with their plugin:
 *
 * ```ts
 * ctx.effect(() => ctx.server.route('POST', '/hook', handler, { label: ctx.name }), 'POST /hook', 'route')
 * ```
 */
const plugin: Plugin<ConfigInput<ServerConfig>> = definePlugin({
  name: 'server',
  config,
  provides: ['server'],
  async setup(ctx, { host, port }) {
    const server = new Server({ logger: ctx.logger })
    const address = await server.listen({ host, port })
    ctx.effect(() => () => server.close(), 'listening socket')
    ctx.provide('server', server)
    ctx.logger.info(`Listening on http://${address.host}:${address.port}`)
  },
})

export default plugin
