import type { JsonObject } from '@mynah/emulator-kit'

/** One call that the bot made. */
export interface QQCall {
  /** The HTTP method. */
  readonly method: string
  /** The path of the address, without the query. */
  readonly path: string
  /** The endpoint, `METHOD /path/{placeholder}`; undefined when there is none. */
  readonly route: string | undefined
  /** The placeholders of the path, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** The parameters of the address, decoded. */
  readonly query: Readonly<Record<string, string>>
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The JSON object or form fields sent. */
  readonly body: JsonObject
  /** HTTP status of the answer, even of one that never arrived; undefined when there was none. */
  readonly status: number | undefined
  /** The body of the answer. */
  readonly answer: string | undefined
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly receivedAt: number
}

const secretFields = new Set(['clientSecret', 'access_token'])

/** How a call reads in the error of a failed expectation. */
export const describeCall = ({ method, path, status, body }: QQCall): string =>
  `${method} ${path} ${JSON.stringify(body, (key, value: unknown) => (secretFields.has(key) ? '[hidden]' : value))} -> ${status}`
