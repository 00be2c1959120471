/**
 * One HTTP and WebSocket server for webhooks and reverse WebSockets, shared by any number of owners.
 *
 * @packageDocumentation
 */
export type { Refusal } from './answers.ts'
export type { HttpRequest, HttpResult, ServerRequest } from './http-message.ts'
export type { ListenOptions } from './listen-error.ts'
export type { ServerLogger } from './logger.ts'
export type { ServerSocket, ServerSocketListener, SocketEnd } from './server-socket.ts'
export {
  Server,
  type HttpHandler,
  type RouteOptions,
  type ServerAddress,
  type ServerOptions,
} from './server.ts'
export { default, type ServerConfig } from './plugin.ts'
export type { Authorization, WebSocketOptions } from './web-socket-routes.ts'
