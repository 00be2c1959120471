import { MynahError } from '@mynah/core'
import { defined } from '../read/read.ts'
import { quote } from './redact.ts'

/** Why something does not work and what to do about it, in an operator's words. */
export interface FailureWords {
  /** Why it does not work, without secrets. */
  readonly reason: string
  /** What to do about it; absent where nothing is known. */
  readonly hint?: string
}

/** What a code of the system, of TLS or of the HTTP client means; `@` stands for the address. */
const meanings: readonly (readonly [code: RegExp, reason: string, hint?: string])[] = [
  [/^ECONNREFUSED$/, 'nobody listens at @', 'start it, or check host and port'],
  [
    /^(?:ENOTFOUND|EAI_AGAIN)$/,
    'the host name of @ is not known',
    'check the name, and the DNS of this machine',
  ],
  [/^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, '@ did not answer', 'check host, port and firewall'],
  [
    /^(?:EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    'there is no way to @',
    'check the network of this machine',
  ],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, '@ cut the connection'],
  [
    /^(?:EPROTO|ERR_SSL_WRONG_VERSION_NUMBER)$/,
    '@ does not speak TLS',
    'check the port, or write ws: in place of wss:, http: in place of https:',
  ],
  [
    /^(?:CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/,
    'the certificate of @ is not accepted',
    'mend it, or name its authority in NODE_EXTRA_CA_CERTS',
  ],
  [/^HPE_/, '@ does not speak HTTP', 'check host and port'],
]

/** Says why no whole answer came from an address. */
export function describeFailure(error: unknown, address: string): FailureWords {
  const code = networkCode(error)
  if (code === undefined) return { reason: `${address}: ${describeError(error)}` }
  const [, what = '@ cannot be reached', hint] = meanings.find(([pattern]) => pattern.test(code)) ?? []
  return { reason: `${what.replace('@', () => address)} (${code})`, ...defined({ hint }) }
}

/** Says what an HTTP status means that is no success. */
export function describeStatus(status: number, address: string): FailureWords {
  const reason = `${address} answers HTTP ${status}`
  if (status === 401 || status === 403)
    return { reason: `${address} refuses the credentials (HTTP ${status})`, hint: 'check the token' }
  if (status === 404) return { reason, hint: 'check the path' }
  if (status >= 300 && status < 400) return { reason, hint: 'set the address that it leads to' }
  return { reason }
}

/** The code that the operating system, TLS or the HTTP client gave to an error or to what is behind it. */
function networkCode(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined
  if (!MynahError.is(error) && 'code' in error && typeof error.code === 'string') return error.code
  const [first] = error instanceof AggregateError ? error.errors : []
  return networkCode(error.cause ?? first, depth + 1)
}

/** What an error says beyond the sentence of its code, without its final stop. */
export function describeError(error: unknown): string {
  if (!MynahError.is(error)) return error instanceof Error ? quote(error.message) : 'an unknown error'
  return (error.detail === '' ? error.message : error.detail).replace(/\.$/, '')
}
