import { ApiRefusal } from '../calls/refusal.ts'
import { rfc3339 } from '../world/time.ts'
import { checkArk, checkKeyboard, checkMarkdown, refuseUrls } from '../world/content.ts'
import { blank, ok, type ApiReply, type Endpoints } from '../calls/endpoint.ts'
import type { Fields } from '../calls/fields.ts'
import { perSecond } from '../world/limits.ts'
import type { Media } from '../world/media.ts'
import type { QQFile, QQMessageKind } from '../world/message.ts'
import type { Platform } from '../world/platform.ts'
import { send, type Dispatched } from './sending.ts'
import { admitToChat, type ChatKind } from './chat-admission.ts'

const recallWindowMs = 120_000

interface Content {
  kind: QQMessageKind
  text: string
  file?: QQFile
}

/** Messages to users and groups: send and recall. */
export const chatMessageEndpoints = (platform: Platform, media: Media): Endpoints => {
  const post = (targetKind: ChatKind, target: string, fields: Fields): ApiReply => {
    const { source, sequence, commit } = admitToChat(platform, { targetKind, target, fields })
    const content = readContent(platform, media, targetKind, fields)
    if (content.kind === 'typing' && fields.id('msg_id') === undefined) throw new ApiRefusal(40034024)
    const reference = fields.optionalObject('message_reference')?.string('message_id')
    const quoted = reference === undefined ? undefined : quotedId(platform, reference)
    const sent = send(platform, {
      targetKind,
      target,
      ...content,
      body: fields.raw,
      source,
      sequence,
      quoted,
    })
    commit()
    return ok(receipt(sent))
  }
  const recall = (targetKind: ChatKind, target: string, id: string): ApiReply => {
    const message = platform.outbox.get(id)
    if (message?.targetKind !== targetKind || message.target !== target || message.recalled)
      throw new ApiRefusal(40061001)
    if (platform.clock.now() - message.sentAt > recallWindowMs) throw new ApiRefusal(40064004)
    message.recalled = true
    return blank
  }
  return {
    'POST /v2/users/{openid}/messages': {
      limit: perSecond(100),
      handle: ({ param, fields }) => post('c2c', param('openid'), fields),
    },
    'POST /v2/groups/{group_openid}/messages': {
      limit: perSecond(100),
      handle: ({ param, fields }) => post('group', param('group_openid'), fields),
    },
    'DELETE /v2/users/{openid}/messages/{message_id}': {
      limit: perSecond(10),
      handle: ({ param }) => recall('c2c', param('openid'), param('message_id')),
    },
    'DELETE /v2/groups/{group_openid}/messages/{message_id}': {
      limit: perSecond(10),
      handle: ({ param }) => recall('group', param('group_openid'), param('message_id')),
    },
  }
}

function receipt({ message, auditId }: Dispatched): Record<string, unknown> {
  if (auditId !== undefined) return { audit_id: auditId, audit_tips: 'the message is being checked' }
  const timestamp = rfc3339(message.sentAt)
  return { id: message.id, timestamp, ext_info: { ref_idx: message.quoteIndex } }
}

/** Follows a quote index; an index that leads nowhere is dropped, as the platform does. */
const quotedId = (platform: Platform, index: string): string | undefined =>
  platform.outbox.byQuoteIndex(index)?.id ?? platform.quotable.get(index)

function readContent(platform: Platform, media: Media, targetKind: ChatKind, fields: Fields): Content {
  const type = fields.optionalInt('msg_type') ?? 0
  const text = fields.optionalString('content') ?? ''
  if (fields.has('keyboard')) {
    if (type !== 2) throw new ApiRefusal(22006)
    checkKeyboard(fields.object('keyboard', 305007), targetKind)
  }
  if (fields.has('markdown') && type !== 2) throw new ApiRefusal(22006)
  if (targetKind === 'group') refuseUrls(platform, text, 40054010)
  switch (type) {
    case 0:
      if (text.trim() === '') throw new ApiRefusal(50006)
      return { kind: 'text', text }
    case 2:
      if (text !== '') throw new ApiRefusal(50037)
      return { kind: 'markdown', text: checkMarkdown(fields.object('markdown', 22006)) }
    case 3:
      return { kind: 'ark', text: checkArk(fields.object('ark', 22006), platform) }
    case 6:
      if (targetKind === 'group') throw new ApiRefusal(340069)
      return readTyping(fields)
    case 7: {
      const file = media.resolve(targetKind, fields.object('media', 22006).string('file_info'))
      return { kind: 'media', text: text.trim(), file }
    }
    default:
      throw new ApiRefusal(340069)
  }
}

function readTyping(fields: Fields): Content {
  const notify = fields.object('input_notify', 22006)
  const seconds = notify.optionalInt('input_second') ?? 0
  if (![1, 2].includes(notify.int('input_type'))) throw new ApiRefusal(50059)
  if (seconds < 0 || seconds > 60) throw new ApiRefusal(40011000)
  return { kind: 'typing', text: '' }
}
