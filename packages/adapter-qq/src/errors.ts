import {
  defined,
  isRecord,
  PlatformError,
  type RestFailure,
  type RestResponse,
  type RetryDecision,
} from '@mynah/adapter-kit'
import type { ErrorCode } from '@mynah/core'

/**
 * What helps when the platform refuses a call (official docs: "Error codes").
 *
 * - `refresh`: ask for a new token, then once more.
 * - `retry`: a fault of the platform, once more.
 * - `upload-retry`: a part is not ready yet; the upload plan says how often.
 * - `wait`: too many calls, or a quota is used up.
 * - `duplicate`: this `msg_seq` was used; after a retry it means delivered.
 * - `audit`: no failure, the message is looked at.
 * - `drop-id`: the answered message or event cannot be answered (any more).
 * - `unreachable`: the target cannot be written to; do not try again until something changes.
 * - `stop`: the bot as a whole is refused.
 * - `reconnect`: the gateway connection is missing; once more when it is back.
 * - `done`: what was asked for is so already.
 * - `surface`: somebody has to change the call, the rights or the set-up.
 */
export type ErrorAction =
  | 'refresh'
  | 'retry'
  | 'upload-retry'
  | 'wait'
  | 'duplicate'
  | 'audit'
  | 'drop-id'
  | 'unreachable'
  | 'stop'
  | 'reconnect'
  | 'done'
  | 'surface'

const codesByAction: { readonly [K in Exclude<ErrorAction, 'surface'>]: readonly number[] } = {
  refresh: [11241, 11243, 11244],
  retry: [
    11242, 11252, 11263, 11281, 304016, 304082, 304083, 306003, 306005, 306006, 501002, 501003, 501004,
    501006, 501007, 501011, 501012, 620007, 630004, 630005, 850026, 850027, 40034004, 40054006, 50055001,
    50055002, 50055006, 50065001,
  ],
  'upload-retry': [40093001],
  wait: [
    20028, 22009, 304045, 304047, 304049, 304050, 304052, 503004, 504001, 504002, 504003, 504004, 610012,
    610013, 620006, 1100100, 1100308, 40034100, 50002, 100001,
  ],
  duplicate: [40054005],
  audit: [304023, 304024],
  'drop-id': [304026, 304027, 304103, 40034005, 40034024, 40034025, 40034026, 40034027, 40034128],
  unreachable: [
    304031, 304032, 304033, 304034, 850018, 1100104, 40034101, 40034102, 40034105, 40054002, 40054003,
    40054004, 40054013,
  ],
  stop: [11251, 11261, 11265, 11275, 11298, 100007, 100016, 40054016],
  reconnect: [304018],
  done: [620003, 620004],
}

const actions = new Map<number, ErrorAction>()
for (const action of Object.keys(codesByAction) as (keyof typeof codesByAction)[]) {
  for (const code of codesByAction[action]) actions.set(code, action)
}

/** What helps against a code; codes that nobody documents are surfaced. */
export function actionOf(code: number): ErrorAction {
  return actions.get(code) ?? 'surface'
}

/** HTTP status of one call too many. */
export const tooMany = 429

/** What is done about a call that failed: one wait in ms per repetition. Who sends messages tries them again. */
const waits = {
  /** Too many calls at once; nothing was done. The platform may ask for another wait. */
  tooMany: [1000, 2000, 4000],
  /** A fault of the platform, which says that it did nothing. */
  fault: [500],
  /** Nobody knows what was done, and doing it twice does no harm. */
  lost: [500, 1000, 2000],
} satisfies Readonly<Record<string, readonly number[]>>

/**
 * The one table of repetitions.
 *
 * @param failures - How many attempts have failed.
 * @param isIdempotent - Whether doing it twice does no harm.
 */
export function decideRetry(error: unknown, failures: number, isIdempotent: boolean): RetryDecision {
  if (!(error instanceof QQApiError)) return { repeat: false }
  const afterMs = waitsFor(error, isIdempotent)[failures - 1]
  return afterMs === undefined ? { repeat: false } : { repeat: true, afterMs: error.retryAfterMs ?? afterMs }
}

function waitsFor(error: QQApiError, isIdempotent: boolean): readonly number[] {
  if (error.action === 'wait' && error.status === tooMany) return waits.tooMany
  if (error.action === 'retry') return waits.fault
  const isLost = error.mayHaveArrived || error.code === 'API_UNREACHABLE'
  return isLost && isIdempotent ? waits.lost : []
}

/** Failures after which nobody knows whether the call was carried out. */
const uncertainCodes: ReadonlySet<ErrorCode> = new Set([
  'API_TIMEOUT',
  'CONNECTION_CLOSED',
  'API_INVALID_RESPONSE',
])

/** What helps when there is only an HTTP status. */
function actionOfStatus(status: number): ErrorAction {
  if (status === 401) return 'refresh'
  return status === tooMany ? 'wait' : 'surface'
}

const uploadInChunks = 'The body is too large; upload the file in parts.'
const notProactive =
  'The bot may not write here unasked: the user or group switched it off, or the bot lacks the right. Answer a message instead.'
const url =
  'The text holds something that the platform takes for a URL (file names such as run.sh count). Register the domain in the console or write it differently.'

/** What to do next, where a code tells it. */
const hints: Readonly<Record<number, string>> = {
  11298:
    'The IP address of this machine is not on the allowlist; add it in the console (bots.qq.com) or use the sandbox.',
  11253: 'The bot has no right to this call; apply for it in the console.',
  22006: 'The fields do not fit msg_type.',
  50056: 'The bot may not send native Markdown in guilds; it is open by invitation.',
  100016: 'AppID or AppSecret is wrong.',
  100007: 'The AppID is not valid: the bot was banned or deleted.',
  304003: url,
  304004: 'The bot has no right to this ark template.',
  304018: 'The bot has to be connected to the gateway to write in channels.',
  304019: '@everyone was used too often today.',
  304027: 'The message is too old to be answered.',
  40034005: 'The message is too old to be answered.',
  40034024: 'The answered message is not known here, or belongs to another chat.',
  40034025: 'The answered event is not known here.',
  40034026: 'The event is too old to be answered.',
  40034027: 'Events of this kind cannot be answered.',
  40034100: 'Too many proactive messages.',
  40034101: 'The bot is not in the group.',
  40034102: notProactive,
  40034105: notProactive,
  40034122: 'The wake-up message of this period was sent already.',
  40034123: 'No wake-up message is possible here.',
  40034128: 'The answers to this message are used up, or its time is over.',
  40054002: 'The bot is muted in the group.',
  40054003: 'The bot is not in the group.',
  40054004: 'The user is no friend of the bot.',
  40054010: url,
  40054013: 'The user refuses messages of the bot.',
  40054016: 'The bot is offline on the platform.',
  40064004: 'It is too late: messages can be recalled within 2 minutes.',
  40093002: 'The daily volume of uploads is used up.',
  850031: 'The file is larger than 200 MB.',
}

/** What to do next about a failed call; empty when nothing is known. */
export function hintFor(status: number | undefined, code: number | undefined): string {
  if (code !== undefined && hints[code] !== undefined) return hints[code]
  if (status === 413) return uploadInChunks
  if (status === 404 || status === 405) return 'The path or the method is wrong; check the base address.'
  return ''
}

/** A call that the platform refused: everything that is known about it, and what helps. Never holds secrets. */
export class QQApiError extends PlatformError {
  override readonly name: string = 'QQApiError'
  /** `err_code`, or else `code`, of the answer. */
  declare readonly platformCode: number | undefined
  /** What helps. */
  readonly action: ErrorAction
  /** Whether the platform may have done it all the same. */
  readonly mayHaveArrived: boolean

  /**
   * @param cause - The failure as the HTTP client saw it.
   * @param isIdempotent - Whether doing it twice does no harm, so that it may be tried again when it was lost.
   * @param pauseMs - How long to wait after too many calls where the platform names no time.
   */
  constructor(cause: PlatformError, isIdempotent = false, pauseMs?: number) {
    const code = typeof cause.platformCode === 'number' ? cause.platformCode : undefined
    const action = code === undefined ? actionOfStatus(cause.status ?? 0) : actionOf(code)
    const words =
      isRecord(cause.body) && typeof cause.body['message'] === 'string' ? cause.body['message'] : ''
    // A server that failed may have done the work before; one that names its fault has not.
    const isFailed = cause.status !== undefined && cause.status >= 500
    const mayHaveArrived = !notDone.has(action) && (isFailed || uncertainCodes.has(cause.code))
    const detail = [words, hintFor(cause.status, code)].filter(Boolean).join(' — ')
    super(codeOf(cause, action), detail || reasonOf(cause), {
      method: cause.method,
      path: cause.path,
      status: cause.status,
      platformCode: code,
      requestId: cause.requestId,
      retryAfterMs:
        cause.retryAfterMs ?? (cause.status === tooMany && action === 'wait' ? pauseMs : undefined),
      body: cause.body,
      cause: cause.cause,
      retriable: mayHaveArrived ? isIdempotent : cause.retriable || notDone.has(action),
    })
    this.action = action
    this.mayHaveArrived = mayHaveArrived
  }

  /** `X-Tps-trace-ID`: to quote when asking the platform's support. */
  get traceId(): string | undefined {
    return this.requestId
  }

  /** `data` of the answer. */
  get data(): unknown {
    return isRecord(this.body) ? this.body['data'] : undefined
  }
}

/** What the detail of an error without words says, without the name of the call that comes in front again. */
function reasonOf({ message }: PlatformError): string {
  return message.slice(message.indexOf(': ') + 2)
}

/** What the platform had not begun with, and what may work later. */
const notDone: ReadonlySet<ErrorAction> = new Set(['wait', 'retry', 'reconnect'])

function codeOf(cause: PlatformError, action: ErrorAction): ErrorCode {
  if (action === 'reconnect') return 'BOT_OFFLINE'
  if (action === 'refresh') return 'AUTH_FAILED'
  if (action === 'wait') return 'RATE_LIMITED'
  return cause.code
}

/** Reads the code of an answer: `err_code` before `code`; 0 and absent are successes. */
export function codeIn(data: unknown): number | undefined {
  if (!isRecord(data)) return undefined
  const code = Number(data['err_code'] ?? data['code'] ?? 0)
  return Number.isFinite(code) && code !== 0 ? code : undefined
}

/** The audit that an answer tells about, in any of the places where it may stand. */
export function auditIn(data: unknown): string | undefined {
  if (!isRecord(data)) return undefined
  if (typeof data['audit_id'] === 'string' && data['audit_id'] !== '') return data['audit_id']
  const inner = isRecord(data['data']) ? data['data']['message_audit'] : data['message_audit']
  return isRecord(inner) && typeof inner['audit_id'] === 'string' ? inner['audit_id'] : undefined
}

/** Looks for a failure in an answer. A message that waits for its audit is none. */
export function readFailure({ status, headers, data }: RestResponse): RestFailure | undefined {
  const platformCode = codeIn(data)
  if (status < 300 && (platformCode === undefined || auditIn(data) !== undefined)) return undefined
  const action = platformCode === undefined ? actionOfStatus(status) : actionOf(platformCode)
  if (status < 300 && action === 'audit') return undefined
  const trace = isRecord(data) && typeof data['trace_id'] === 'string' ? data['trace_id'] : undefined
  const requestId = trace ?? headers['x-tps-trace-id']?.toString()
  return {
    helps: action === 'refresh' || status === 401 ? 'credentials' : 'none',
    ...defined({ platformCode, requestId }),
  }
}
