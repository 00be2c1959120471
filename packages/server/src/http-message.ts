import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { parseRequestTarget, type RequestTarget } from './request-target.ts'

/** The head of a request, as it is known before anything of its body or its frames is read. */
export interface ServerRequest extends RequestTarget {
  /** `GET`, `POST` and so on. */
  readonly method: string
  /** Header names are in lower case. */
  readonly headers: IncomingHttpHeaders
  /** The address at the other end of the connection; that of the proxy when there is one. */
  readonly remoteAddress: string
}

/** A request with its body. */
export interface HttpRequest extends ServerRequest {
  /** The bytes as they came, for signatures. */
  readonly body: Buffer
  /** Aborts when the client goes away before it got the answer. */
  readonly signal: AbortSignal
}

/** An answer; all parts may be left out. */
export interface HttpResult {
  /** @defaultValue 200, or 204 without a body */
  status?: number
  /** Headers of the answer. @defaultValue none */
  headers?: Record<string, string>
  /** Text and bytes are sent as they are, any other object as JSON. */
  body?: string | Uint8Array | object
  /** Why it says no, in words for the operator's log; never sent. */
  reason?: string
}

/** What handlers see of a request. */
export function describeRequest(message: IncomingMessage): ServerRequest {
  return {
    ...parseRequestTarget(message.url ?? '/'),
    method: message.method ?? 'GET',
    headers: message.headers,
    remoteAddress: message.socket.remoteAddress ?? '',
  }
}

/** Sends an answer; what cannot be sent any more is dropped. */
export function sendResult(response: ServerResponse, result: HttpResult): void {
  if (response.headersSent || response.destroyed) return
  const { type, bytes } = encodeBody(result.body)
  const status = result.status ?? (bytes === undefined ? 204 : 200)
  if (type !== undefined) response.setHeader('content-type', type)
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, value)
  if (status !== 204 && status !== 304) response.setHeader('content-length', bytes?.length ?? 0)
  response.writeHead(status)
  response.end(bytes)
}

function encodeBody(body: HttpResult['body']): { type?: string; bytes?: Uint8Array } {
  if (body === undefined) return {}
  if (typeof body === 'string') return { type: 'text/plain; charset=utf-8', bytes: Buffer.from(body) }
  if (body instanceof Uint8Array) return { type: 'application/octet-stream', bytes: body }
  return { type: 'application/json; charset=utf-8', bytes: Buffer.from(JSON.stringify(body)) }
}
