import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { createLogger, type Clock, type Receipt, systemClock } from '@mynah/core'
import { onTestFinished } from 'vitest'
import { QQApi } from '../src/api/qq-api.ts'
import type { Credentials } from '../src/api/token-source.ts'
import { ReplyManager } from '../src/send/reply-manager.ts'
import { HttpApi } from '../src/http.ts'

/** A call as it came over the wire. */
export interface Recorded {
  readonly method: string
  /** With its query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** What a call is answered with. */
export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

const staticCredentials: Credentials = {
  authorization: async () => 'QQBot static-token',
  renew: async () => {},
  isFailing: false,
}

/** An HTTP server that answers what it is told, and what it was asked. */
export interface RecordingApi {
  readonly api: QQApi
  readonly http: HttpApi
  readonly url: string
  readonly calls: Recorded[]
  /** The answers to come; the last one stays. */
  readonly answers: Answer[]
}

/** Starts a server for raw answers, where the emulator would be too well-behaved. */
export async function startRecordingApi(
  options: { credentials?: Credentials; clock?: Clock } = {},
): Promise<RecordingApi> {
  const calls: Recorded[] = []
  const answers: Answer[] = []
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = await buffer(request)
    const isJson = request.headers['content-type']?.startsWith('application/json') === true
    const body: unknown = isJson
      ? JSON.parse(bytes.toString())
      : bytes.length === 0
        ? undefined
        : bytes.toString('latin1')
    calls.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { body: {} }
    response.writeHead(answer.status ?? 200, answer.headers)
    response.end(
      typeof answer.body === 'string'
        ? answer.body
        : answer.body === undefined
          ? ''
          : JSON.stringify(answer.body),
    )
  }
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const { clock = systemClock } = options
  const http = new HttpApi({
    appId: '102000001',
    baseUrl: url,
    credentials: options.credentials ?? staticCredentials,
    clock,
    logger: createLogger({ level: 'silent' }),
  })
  onTestFinished(async () => {
    await http.stop()
    server.closeAllConnections()
    server.close()
  })
  const { windows } = new ReplyManager({ limits: { c2c: 4, group: 5 }, isProactive: true, clock })
  const send = async (): Promise<Receipt> => ({ status: 'delivered', messageIds: [] })
  const { signal } = new AbortController()
  const api = new QQApi(http, '102000001', { windows, clock, signal, send })
  return { api, http, url, calls, answers }
}
