/**
 * One HTTP and WebSocket server for webhooks and reverse WebSockets, shared by any number of owners.
 *
 * @packageDocumentation
 */
export type { Authorization, Authorize, Refusal } from './answers.ts'
export type { Guard } from './door.ts'
export type { HttpRequest, HttpResult, ServerRequest } from './http-message.ts'
export type { ListenOptions } from './listen-error.ts'
export type { ServerSocket, ServerSocketListener, SocketEnd } from './server-socket.ts'
export type { HttpHandler, RouteOptions } from './http-routes.ts'
export { Server, type ServerAddress, type ServerOptions } from './server.ts'
export { default, type ServerConfig } from './plugin.ts'
export type { WebSocketOptions } from './web-socket-routes.ts'
