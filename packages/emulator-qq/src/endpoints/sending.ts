import { rfc3339 } from '../world/time.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import type { QQBotMessage, QQFile, QQMessageKind, QQTargetKind } from '../world/message.ts'
import type { ReplySource } from '../world/reply-sources.ts'
import type { Platform } from '../world/platform.ts'

/** A message that passed every check and only has to leave. */
export interface Draft {
  /** The id, when the bot was told it already. */
  id?: string
  targetKind: QQTargetKind
  target: string
  kind: QQMessageKind
  text: string
  body: JsonObject
  source: ReplySource | undefined
  /** `msg_seq`, where the kind of place has one. */
  sequence?: number
  quoted?: string | undefined
  file?: QQFile | undefined
  /** Fields of the audit events. */
  place?: { guild_id: string; channel_id: string }
  /** Called when the message is really there. */
  onDelivered?: (message: QQBotMessage) => void
}

/** What became of a draft: delivered, or waiting for the audit of this id. */
export interface Dispatched {
  message: QQBotMessage
  auditId: string | undefined
}

/** Uses up the answer, then delivers the message or hands it to the audit. */
export function send(platform: Platform, draft: Draft): Dispatched {
  const { targetKind, target, kind, text, body, source, quoted, file } = draft
  const isChat = targetKind === 'c2c' || targetKind === 'group'
  const message: QQBotMessage = {
    id: draft.id ?? (isChat ? platform.ids.chatMessage() : platform.ids.guildMessage()),
    targetKind,
    target,
    kind,
    text,
    body,
    replyTo: source?.id,
    quoted,
    file,
    quoteIndex: platform.ids.quoteIndex(),
    sentAt: platform.clock.now(),
    recalled: false,
  }
  if (source !== undefined) {
    if (draft.sequence !== undefined) source.sequences.add(draft.sequence)
    if (kind !== 'typing') source.used += 1
  }
  const deliver = (): void => {
    platform.outbox.deliver(message, source?.actor)
    draft.onDelivered?.(message)
  }
  if (kind === 'typing' || !platform.audits.claim()) {
    deliver()
    return { message, auditId: undefined }
  }
  return { message, auditId: audit(platform, draft, message, deliver) }
}

function audit(platform: Platform, draft: Draft, message: QQBotMessage, deliver: () => void): string {
  const id = platform.ids.uuid()
  const createdAt = rfc3339(platform.clock.now())
  const place =
    draft.place ??
    (draft.targetKind === 'c2c' ? { user_openid: draft.target } : { group_openid: draft.target })
  const data = (): JsonObject => ({
    audit_id: id,
    ...place,
    audit_time: platform.now(),
    create_time: createdAt,
  })
  platform.audits.add({
    id,
    message,
    pass() {
      deliver()
      platform.dispatch('MESSAGE_AUDIT_PASS', { ...data(), message_id: message.id, seq_in_channel: '1' })
    },
    reject: () => void platform.dispatch('MESSAGE_AUDIT_REJECT', { ...data(), seq_in_channel: '' }),
  })
  return id
}
