import { isRecord, readText } from '@mynah/adapter-kit'

import { OneBotError, type OneBotErrorDetails, type OneBotErrorKind } from '../errors.ts'
import { type Raw, readNumber } from '../wire/raw.ts'

/**
 * `data` of the answer of a call; `null` where the implementation has only taken it on (`status: async`).
 *
 * @throws OneBotError of the kind that fits `retcode`, code and text.
 */
export function readEnvelope(answer: unknown, call: OneBotErrorDetails): unknown {
  if (!isRecord(answer))
    throw new OneBotError('malformed', 'the answer is not an object.', { ...call, raw: answer })
  const retcode = readNumber(answer['retcode'])
  const { status } = answer
  if (status === 'async' && (retcode === 0 || retcode === 1)) return null
  // Lagrange says with the status alone that a call failed, and answers some that succeeded without one.
  const isOk = status === 'ok' || status === '' || status === undefined || status === null
  if ((retcode === 0 && isOk) || (retcode === undefined && status === 'ok')) return answer['data']
  throw failure(answer, retcode, call)
}

function failure(answer: Raw, retcode: number | undefined, call: OneBotErrorDetails): OneBotError {
  const reason = readText(answer['msg'])
  const text =
    readText(answer['wording']) ??
    readText(answer['message']) ??
    reason ??
    sentenceOf(answer['status']) ??
    (retcode === undefined ? 'an answer without a result.' : `retcode ${retcode}`)
  const details: OneBotErrorDetails = { ...call, retcode, reason, raw: answer }
  return new OneBotError(kindOf(retcode, [reason ?? '', text], call.action), describe(text, retcode), details)
}

/** Lagrange writes the reason into the status. */
const sentenceOf = (status: unknown): string | undefined =>
  status === 'ok' || status === 'failed' ? undefined : readText(status)

const describe = (text: string, retcode: number | undefined): string =>
  retcode === undefined || text === `retcode ${retcode}` ? text : `${text} (retcode ${retcode})`

/** What failed, by result number or by what is said about it; the first that fits counts. */
const rules: readonly (readonly [OneBotErrorKind, readonly (number | undefined)[], RegExp?])[] = [
  [
    'unknown-action',
    [404, 1404],
    /API_NOT_FOUND|不支持的\s*api|unsupported (?:api|action)|action .{0,100}not found/i,
  ],
  ['token-refused', [1401, 1403]],
  ['bad-request', [undefined, 400, 1400]],
  ['not-found', [], /_NOT_FOUND$|消息不存在|群聊不存在|好友不存在/],
  ['risk-control', [], /风控|rich media transfer failed|SEND_MSG_API_ERROR/i],
  ['forbidden', [], /^(?:PERMISSION_DENIED|NOT_MANAGEABLE|CANNOT_RECALL_FRIEND_MSG)$/],
  ['forbidden', [], /权限不足|禁言|no permission|not allowed/i],
]

/** Lagrange hands the result numbers of QQ through; the documented ones are these. */
const documented: ReadonlySet<number> = new Set([1, 100, 102, 103, 104, 200, 201, 1200, 9000])

function kindOf(retcode: number | undefined, texts: readonly string[], action: string): OneBotErrorKind {
  const rule = rules.find(
    ([, retcodes, pattern]) =>
      retcodes.includes(retcode) || (pattern !== undefined && texts.some((text) => pattern.test(text))),
  )
  if (rule !== undefined) return rule[0]
  const isQqResult = retcode !== undefined && retcode > 0 && !documented.has(retcode)
  return isQqResult && /^send_|_forward_msg$/.test(action) ? 'risk-control' : 'failed'
}

/**
 * Whether a frame is one part of an answer in several frames (NapCat's `download_*_stream` actions). Each part
 * of an upload, which names its `stream_id`, is the whole answer of its own call.
 */
export function isStreamPart(answer: Raw): boolean {
  if (answer['stream'] !== 'stream-action') return false
  const { data } = answer
  return isRecord(data) && data['type'] === 'stream' && !('stream_id' in data)
}

/** @throws OneBotError of kind `stream-broken` when the last frame of a stream tells of a failure. */
export function checkStream(answer: unknown, call: OneBotErrorDetails): void {
  if (!isRecord(answer) || answer['stream'] !== 'stream-action') return
  const { data } = answer
  if (!isRecord(data) || data['type'] !== 'error') return
  const text = readText(answer['message']) ?? readText(data['message']) ?? 'the transfer broke off.'
  const details = { ...call, raw: answer, retcode: readNumber(answer['retcode']) }
  throw new OneBotError('stream-broken', text, details)
}
