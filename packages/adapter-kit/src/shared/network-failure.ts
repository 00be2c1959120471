import { MynahError } from '@mynah/core'
import { quote } from './redact.ts'

/** Why something does not work and what to do about it, in an operator's words. */
export interface FailureWords {
  /** Why it does not work, without secrets. */
  readonly reason: string
  /** What to do about it; absent where nothing is known. */
  readonly hint?: string
}

type Say = (address: string) => FailureWords

const unknownHost: Say = (address) => ({
  reason: `the host name of ${address} is not known`,
  hint: 'check the name, and the DNS of this machine',
})
const noAnswer: Say = (address) => ({
  reason: `${address} did not answer`,
  hint: 'check host, port and firewall',
})
const noWay: Say = (address) => ({
  reason: `there is no way to ${address}`,
  hint: 'check the network of this machine',
})
const cut: Say = (address) => ({ reason: `${address} cut the connection` })
const noTls: Say = (address) => ({
  reason: `${address} does not speak TLS`,
  hint: 'check the port, or write ws: in place of wss:, http: in place of https:',
})

const words: Readonly<Record<string, Say>> = {
  ECONNREFUSED: (address) => ({
    reason: `nobody listens at ${address}`,
    hint: 'start it, or check host and port',
  }),
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  ETIMEDOUT: noAnswer,
  UND_ERR_CONNECT_TIMEOUT: noAnswer,
  EHOSTUNREACH: noWay,
  ENETUNREACH: noWay,
  ENETDOWN: noWay,
  EADDRNOTAVAIL: noWay,
  ECONNRESET: cut,
  EPIPE: cut,
  UND_ERR_SOCKET: cut,
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
}

const badCertificate = /^(?:CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/

/** Says why no whole answer came from an address. */
export function describeFailure(error: unknown, address: string): FailureWords {
  const code = networkCode(error)
  if (code === undefined) return { reason: `${address}: ${describeError(error)}` }
  const said = words[code]?.(address) ?? describeOther(code, address)
  return { ...said, reason: `${said.reason} (${code})` }
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

function describeOther(code: string, address: string): FailureWords {
  if (badCertificate.test(code)) {
    return {
      reason: `the certificate of ${address} is not accepted`,
      hint: 'mend it, or name its authority in NODE_EXTRA_CA_CERTS',
    }
  }
  if (code.startsWith('HPE_'))
    return { reason: `${address} does not speak HTTP`, hint: 'check host and port' }
  return { reason: `${address} cannot be reached` }
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
