import {
  describeError,
  describeFailure,
  describeStatus,
  type FailureWords,
} from '../shared/network-failure.ts'
import { quote } from '../shared/redact.ts'
import type { SocketClose } from './socket-close.ts'

/**
 * Says how a connection ended, in an operator's words.
 *
 * @param address - Where it led; `undefined` when the attempt did not come that far.
 */
export function describeClose(close: SocketClose, address: string | undefined): FailureWords {
  const { error, status, code } = close
  if (address === undefined) return { reason: `where to connect is not known: ${describeError(error)}` }
  if (status !== undefined) return describeStatus(status, address)
  if (error !== undefined) return describeFailure(error, address)
  if (code === 1006) return { reason: `${address} cut the connection` }
  const said = close.reason === '' ? '' : `: ${quote(close.reason)}`
  const reason = `${address} closed the connection (${code}${said})`
  return code === 1008 ? { reason, hint: 'check the token' } : { reason }
}
