import { ApiRefusal } from '../calls/refusal.ts'
import { toInteger } from '../calls/params.ts'
import { readMessage } from '../wire/segments.ts'
import type { RawEvent, Segment } from '../wire/wire.ts'
import type { ActionContext } from '../calls/action.ts'

const defaultBanSeconds = 1800

/**
 * Carries out a quick operation as far as the profile can. A step that is refused does not stop the
 * others and is not reported, as on the real ones.
 */
export async function runQuickOperation(
  event: RawEvent,
  operation: RawEvent,
  context: ActionContext,
): Promise<void> {
  if (context.profile.quick === 'none') return
  const steps = event['post_type'] === 'message' ? messageSteps : requestSteps
  for (const step of steps) {
    try {
      await step(event, operation, context)
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error
    }
  }
}

type Step = (event: RawEvent, operation: RawEvent, context: ActionContext) => unknown

const messageSteps: readonly Step[] = [reply, remove, kick, ban]
const requestSteps: readonly Step[] = [answerRequest]

function reply(event: RawEvent, operation: RawEvent, context: ActionContext): void {
  const content = operation['reply']
  if (content == null || content === '') return
  const { profile, outbox } = context
  const isGroup = event['message_type'] === 'group'
  const body = readMessage(content, typeof content === 'string' && operation['auto_escape'] === true, profile)
  const segments = [...replyPrefix(event, operation, context), ...body]
  if (isGroup) outbox.toGroup(toInteger(event['group_id']) ?? 0, segments)
  else outbox.toPrivate(toInteger(event['user_id']) ?? 0, segments)
}

function replyPrefix(event: RawEvent, operation: RawEvent, { profile }: ActionContext): Segment[] {
  const isGroup = event['message_type'] === 'group'
  const prefix: Segment[] = []
  const quotes = profile.quick === 'full' || (profile.quick === 'replies-only' && isGroup)
  if (quotes) prefix.push({ type: 'reply', data: { id: String(event['message_id']) } })
  if (isGroup && operation['at_sender'] === true && event['anonymous'] == null) {
    prefix.push({ type: 'at', data: { qq: String(event['user_id']) } }, { type: 'text', data: { text: ' ' } })
  }
  return prefix
}

function remove(event: RawEvent, operation: RawEvent, context: ActionContext): unknown {
  if (operation['delete'] !== true || !moderates(event, context)) return undefined
  return context.run('delete_msg', { message_id: event['message_id'] })
}

function kick(event: RawEvent, operation: RawEvent, context: ActionContext): unknown {
  if (operation['kick'] !== true || !moderates(event, context) || event['anonymous'] != null) return undefined
  const { group_id, user_id } = event
  return context.run('set_group_kick', {
    group_id,
    user_id,
    reject_add_request: operation['reject_add_request'] === true,
  })
}

function ban(event: RawEvent, operation: RawEvent, context: ActionContext): unknown {
  if (operation['ban'] !== true || !moderates(event, context) || event['anonymous'] != null) return undefined
  const duration = toInteger(operation['ban_duration']) ?? defaultBanSeconds
  return context.run('set_group_ban', { group_id: event['group_id'], user_id: event['user_id'], duration })
}

const moderates = (event: RawEvent, { profile }: ActionContext): boolean =>
  event['message_type'] === 'group' && profile.quick !== 'replies-only'

function answerRequest(event: RawEvent, operation: RawEvent, context: ActionContext): unknown {
  const { approve } = operation
  if (event['post_type'] !== 'request' || typeof approve !== 'boolean') return undefined
  if (event['request_type'] === 'friend') {
    const remark = context.profile.quick === 'full' ? operation['remark'] : undefined
    return context.run('set_friend_add_request', { flag: event['flag'], approve, remark })
  }
  const { flag, sub_type } = event
  return context.run('set_group_add_request', { flag, sub_type, approve, reason: operation['reason'] })
}
