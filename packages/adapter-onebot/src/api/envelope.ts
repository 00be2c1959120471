import { isRaw, type Raw, readNumber, readText } from '../wire/raw.ts'
import {
  ActionFailedError,
  AuthError,
  BadRequestError,
  MalformedResponseError,
  NotFoundError,
  type OneBotError,
  type OneBotErrorDetails,
  PermissionError,
  RiskControlError,
  StreamError,
  UnsupportedActionError,
} from '../errors.ts'

/** What a successful call gave. */
export interface CallResult {
  readonly data: unknown
  /** True when the implementation only took the call on (`_async`, `_rate_limited`): the outcome is unknown. */
  readonly isAsync: boolean
}

/**
 * Reads the answer of a call.
 *
 * @throws OneBotError of the class that fits `retcode`, code and text.
 */
export function readEnvelope(answer: unknown, call: OneBotErrorDetails): CallResult {
  if (!isRaw(answer)) {
    throw new MalformedResponseError('the answer is not an object.', { ...call, raw: answer })
  }
  const retcode = readNumber(answer['retcode'])
  const { status } = answer
  if (status === 'async' && (retcode === 0 || retcode === 1)) return { data: null, isAsync: true }
  // Lagrange says with the status alone that a call failed, and answers some that succeeded without one.
  const isOk = status === 'ok' || status === '' || status === undefined || status === null
  if ((retcode === 0 && isOk) || (retcode === undefined && status === 'ok')) {
    return { data: answer['data'], isAsync: false }
  }
  throw failure(answer, retcode, call)
}

/** Codes of go-cqhttp that say more than "failed". */
const permissionCodes = new Set(['PERMISSION_DENIED', 'NOT_MANAGEABLE', 'CANNOT_RECALL_FRIEND_MSG'])
const unknownAction = /API_NOT_FOUND|不支持的\s*api|unsupported (?:api|action)|action .{0,100}not found/i
const missing = /_NOT_FOUND$|消息不存在|群聊不存在|好友不存在/
const held = /风控|rich media transfer failed|SEND_MSG_API_ERROR/i
const forbidden = /权限不足|禁言|no permission|not allowed/i
const sends = /^send_|_forward_msg$/

function failure(answer: Raw, retcode: number | undefined, call: OneBotErrorDetails): OneBotError {
  const reason = readText(answer['msg'])
  const text =
    readText(answer['wording']) ??
    readText(answer['message']) ??
    reason ??
    sentenceOf(answer['status']) ??
    (retcode === undefined ? 'an answer without a result.' : `retcode ${retcode}`)
  const details: OneBotErrorDetails = { ...call, retcode, reason, raw: answer }
  return new (classOf(retcode, reason ?? '', text, call.action))(describe(text, retcode), details)
}

/** Lagrange writes the reason into the status. */
const sentenceOf = (status: unknown): string | undefined =>
  status === 'ok' || status === 'failed' ? undefined : readText(status)

const describe = (text: string, retcode: number | undefined): string =>
  retcode === undefined || text === `retcode ${retcode}` ? text : `${text} (retcode ${retcode})`

type ErrorClass = new (detail: string, details: OneBotErrorDetails) => OneBotError

function classOf(retcode: number | undefined, reason: string, text: string, action: string): ErrorClass {
  if (retcode === 404 || retcode === 1404 || unknownAction.test(reason) || unknownAction.test(text)) {
    return UnsupportedActionError
  }
  if (retcode === 1401 || retcode === 1403) return AuthError
  if (retcode === undefined || retcode === 400 || retcode === 1400) return BadRequestError
  if (missing.test(reason) || missing.test(text)) return NotFoundError
  if (held.test(reason) || held.test(text)) return RiskControlError
  if (permissionCodes.has(reason) || forbidden.test(text)) return PermissionError
  return isQqResult(retcode) && sends.test(action) ? RiskControlError : ActionFailedError
}

/** Lagrange hands the result numbers of QQ through; the documented ones are these. */
const documented = new Set([1, 100, 102, 103, 104, 200, 201, 1200, 9000])
const isQqResult = (retcode: number): boolean => retcode > 0 && !documented.has(retcode)

/**
 * Whether a frame is one part of an answer in several frames (NapCat's `download_*_stream` actions). Each part
 * of an upload, which names its `stream_id`, is the whole answer of its own call.
 */
export function isStreamPart(answer: Raw): boolean {
  if (answer['stream'] !== 'stream-action') return false
  const { data } = answer
  return isRaw(data) && data['type'] === 'stream' && !('stream_id' in data)
}

/** @throws StreamError when the last frame of a stream tells of a failure. */
export function checkStream(answer: unknown, call: OneBotErrorDetails): void {
  if (!isRaw(answer) || answer['stream'] !== 'stream-action') return
  const { data } = answer
  if (!isRaw(data) || data['type'] !== 'error') return
  const text = readText(answer['message']) ?? readText(data['message']) ?? 'the transfer broke off.'
  throw new StreamError(text, { ...call, raw: answer, retcode: readNumber(answer['retcode']) })
}
