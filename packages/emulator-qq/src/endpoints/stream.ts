import { ApiRefusal } from '../calls/refusal.ts'
import { rfc3339 } from '../world/time.ts'
import { ok, type Endpoints } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import type { ReplySource } from '../world/reply-sources.ts'
import type { Platform } from '../world/platform.ts'
import { send } from './sending.ts'
import { admitToChat, type Admission } from './chat-admission.ts'

/** Frames may not follow each other faster than this, in ms. */
const shortestGapMs = 300
/** Characters one streamed message can hold. */
const lengthLimit = 10_000
const lastFrame = 10

interface Stream {
  readonly openid: string
  readonly sequence: number
  readonly source: ReplySource | undefined
  readonly commit: () => void
  nextIndex: number
  text: string
  isOver: boolean
}

/** Messages to users that grow while they are read. */
export const streamEndpoints = (platform: Platform): Endpoints => {
  const streams = new Map<string, Stream>()

  const open = (openid: string, fields: Fields): [id: string, stream: Stream] => {
    if (fields.int('index') !== 0) throw fields.fault('index', 'of the first frame is 0')
    const { source, sequence, commit }: Admission = admitToChat(platform, {
      targetKind: 'c2c',
      target: openid,
      fields,
    })
    const id = platform.ids.chatMessage()
    const stream = { openid, sequence, source, commit, nextIndex: 0, text: '', isOver: false }
    // Until the stream ends nothing else may use its number.
    source?.sequences.add(sequence)
    streams.set(id, stream)
    return [id, stream]
  }

  const proceed = (id: string, openid: string, fields: Fields): [id: string, stream: Stream] => {
    const stream = streams.get(id)
    if (stream?.openid !== openid || stream.isOver) throw fields.fault('stream_msg_id')
    if (fields.int('index') !== stream.nextIndex) throw fields.fault('index', `is not ${stream.nextIndex}`)
    if ((fields.optionalInt('msg_seq') ?? 1) !== stream.sequence) throw fields.fault('msg_seq', 'changed')
    return [id, stream]
  }

  return {
    'POST /v2/users/{openid}/stream_messages': {
      handle({ param, fields }) {
        const openid = param('openid')
        const mode = fields.stringOf('input_mode', ['append', 'replace'])
        const state = fields.intOf('input_state', [1, lastFrame])
        fields.stringOf('content_type', ['text', 'markdown'])
        const content = fields.optionalString('content_raw') ?? ''
        const known = fields.id('stream_msg_id')
        const [id, stream] = known === undefined ? open(openid, fields) : proceed(known, openid, fields)
        platform.limits.spend(`stream:${id}`, { count: 1, perMs: shortestGapMs }, 50002)
        if (mode === 'replace' && !content.startsWith(stream.text)) throw new ApiRefusal(40007)
        const text = mode === 'replace' ? content : stream.text + content
        if (text.length > lengthLimit) throw new ApiRefusal(40054018, { message: 'the message is too long' })
        stream.text = text
        stream.nextIndex += 1
        if (state === lastFrame) finish(platform, id, stream, fields)
        return ok({
          id,
          timestamp: rfc3339(platform.clock.now()),
          ext_info: {},
          remain_msg_len: lengthLimit - text.length,
        })
      },
    },
  }
}

function finish(platform: Platform, id: string, stream: Stream, fields: Fields): void {
  if (stream.text.trim() === '') throw new ApiRefusal(50006)
  stream.isOver = true
  const { openid: target, source, text } = stream
  send(platform, { id, targetKind: 'c2c', target, kind: 'stream', text, body: fields.raw, source })
  stream.commit()
}
