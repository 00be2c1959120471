/**
 * One HTTP and WebSocket server for webhooks and reverse WebSockets, shared by any number of owners.
 *
 * @packageDocumentation
 */
export type { HttpRequest, HttpResult, ServerRequest } from './http-message.ts'
export type { ListenOptions } from './listen-error.ts'
export type { ServerLogger } from './logger.ts'
export type { ServerSocket, ServerSocketListener, SocketEnd } from './server-socket.ts'
export {
  Server,
  type Authorization,
  type HttpHandler,
  type Refusal,
  type RouteOptions,
  type ServerAddress,
  type ServerOptions,
  type WebSocketOptions,
} from './server.ts'
export { default, type ServerConfig } from './plugin.ts'
