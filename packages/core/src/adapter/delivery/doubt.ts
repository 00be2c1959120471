import type { ErrorCode } from '../../errors/codes.ts'
import type { SendFailure } from '../../model/receipt.ts'

/** After these, a message may be out although nobody has said so. */
const doubtful: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'API_TIMEOUT',
  'API_UNREACHABLE',
  'API_INVALID_RESPONSE',
  'CONNECTION_CLOSED',
])

/** These pass, whatever the adapter says: nothing was sent. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['BOT_OFFLINE', 'RATE_LIMITED'])

/**
 * What a failure says about the message: `safe` when nothing was sent and trying again may help, `doubt` when nobody
 * knows whether it is out, `hopeless` when it will never be.
 */
export function verdictOf({ code, retriable }: SendFailure): 'safe' | 'doubt' | 'hopeless' {
  if (retriable || passing.has(code)) return 'safe'
  return doubtful.has(code) ? 'doubt' : 'hopeless'
}
