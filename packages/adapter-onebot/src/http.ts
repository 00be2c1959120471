import { defined, isRecord, PlatformError, quote, RestClient } from '@mynah/adapter-kit'
import { type Clock, type ErrorCode, MynahError, type Logger } from '@mynah/core'

import { parseJson } from './wire/json.ts'
import { isStreamPart } from './api/envelope.ts'
import { OneBotError, type OneBotErrorDetails, type OneBotErrorKind } from './errors.ts'
import type { Connection, ConnectionCall } from './receive/connection.ts'

/** How an HTTP connection is made. */
export interface HttpConnectionOptions {
  readonly url: string
  readonly token?: string | undefined
  readonly tokenIn: 'header' | 'query'
  readonly timeoutMs: number
  readonly logger: Logger
  readonly clock: Clock
  /** Nobody listens at the address (any more), or may not: it is worth a look. */
  readonly onDown: () => void
}

/** Calls by HTTP POST with a JSON body, the one form that every implementation takes. */
export class HttpConnection implements Connection {
  readonly transport = 'http'
  /** There is no socket to lose; events come by webhook, if at all. */
  readonly bringsEvents = true
  readonly #options: HttpConnectionOptions
  readonly #rest: RestClient
  #isOpen = true
  #pending = 0

  constructor(options: HttpConnectionOptions) {
    this.#options = options
    const { url, token, tokenIn, timeoutMs, logger, clock } = options
    this.#rest = new RestClient({
      baseUrl: url,
      name: 'OneBot HTTP API',
      // Whoever keeps the connection tells of failures.
      isQuiet: true,
      logger,
      clock,
      timeoutMs,
      // Repeating is for the caller to decide: an action may have been carried out.
      maxAttempts: 1,
      maxResponseBytes: 64 * 1024 * 1024,
      ...(token !== undefined && tokenIn === 'header'
        ? { headers: { Authorization: `Bearer ${token}` } }
        : {}),
    })
  }

  get takesCalls(): boolean {
    return this.#isOpen
  }

  get pending(): number {
    return this.#pending
  }

  /** @throws OneBotError (as a rejection) for what HTTP itself says. */
  async call({ action, params, timeoutMs, onPart }: ConnectionCall): Promise<unknown> {
    const { token, tokenIn } = this.#options
    if (!this.#isOpen)
      throw new OneBotError('not-connected', 'the HTTP API is gone.', { action, params, transport: 'http' })
    this.#pending += 1
    try {
      const { data } = await this.#rest.request<Buffer>('POST', action, {
        json: params,
        expect: 'bytes',
        idempotent: false,
        query: { access_token: tokenIn === 'query' ? token : undefined },
        ...defined({ timeoutMs }),
      })
      return readFrames(data.toString(), onPart, (text) => this.#quote(text))
    } catch (error) {
      throw this.#translate(error, { action, params, transport: 'http', cause: error })
    } finally {
      this.#pending -= 1
    }
  }

  #translate(error: unknown, call: OneBotErrorDetails): Error {
    if (error instanceof SyntaxError) return new OneBotError('malformed', error.message, call)
    if (!(error instanceof PlatformError)) {
      return MynahError.is(error) && error.code === 'BOT_OFFLINE'
        ? new OneBotError('connection-lost', 'the adapter was stopped before the answer came.', call)
        : MynahError.from(error, 'SEND_FAILED')
    }
    const { status, code } = error
    if (status !== undefined) {
      const text = typeof error.body === 'string' ? error.body : (JSON.stringify(error.body) ?? 'no text')
      const [kind, what] = statuses[status] ?? ['malformed']
      const detail = `HTTP ${status}: ${what ?? this.#quote(text)}`
      return new OneBotError(kind, detail, { ...call, httpStatus: status })
    }
    const [kind, detail] = failures[code] ?? ['malformed', error.message]
    if (kind === 'not-connected' || kind === 'connection-lost') this.#options.onDown()
    return new OneBotError(kind, detail, call)
  }

  /** The beginning of what came, without the token: a peer may answer with the request it got. */
  #quote(text: string): string {
    const { token = '' } = this.#options
    const forms = token === '' ? [] : [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1)]
    return quote(forms.reduce((rest, form) => rest.replaceAll(form, '<redacted>'), text.slice(0, 1000)))
  }

  /** Takes no more calls; those under way may end. */
  close(): void {
    this.#isOpen = false
  }

  /** Ends the calls under way; resolves when no connection is left. */
  stop(): Promise<void> {
    this.#isOpen = false
    return this.#rest.stop()
  }
}

/** What a status says; where nothing stands behind the kind, the text of the answer does. */
const statuses: Readonly<Record<number, readonly [OneBotErrorKind, string?]>> = {
  400: ['bad-request'],
  401: ['token-refused', 'put the token of the HTTP server into the config.'],
  403: ['token-refused', 'put the token of the HTTP server into the config.'],
  404: ['unknown-action', 'the action is unknown there.'],
  406: ['bad-request'],
}

const failures: Readonly<Partial<Record<ErrorCode, readonly [OneBotErrorKind, string]>>> = {
  API_UNREACHABLE: ['not-connected', 'nobody answers at the address of the HTTP API.'],
  API_TIMEOUT: ['timeout', 'no answer in time.'],
  CONNECTION_CLOSED: ['connection-lost', 'the connection ended before the answer came.'],
}

/** Reads the answer; one of several frames has them separated by an empty line. @throws SyntaxError */
function readFrames(
  text: string,
  onPart: ((part: unknown) => void) | undefined,
  quote: (text: string) => string,
): unknown {
  const frames = text.includes('\r\n\r\n') ? text.split('\r\n\r\n').filter((frame) => frame !== '') : [text]
  let last: unknown
  for (const frame of frames) {
    last = parse(frame, quote)
    if (isRecord(last) && isStreamPart(last)) onPart?.(last)
  }
  return last
}

function parse(text: string, quote: (text: string) => string): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    throw new SyntaxError(`the answer is not JSON: ${quote(text) || '(empty)'}`, { cause })
  }
}
