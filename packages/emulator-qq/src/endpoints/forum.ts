import { type JsonObject, parseJson } from '@mynah/emulator-kit'
import { ApiRefusal } from '../calls/refusal.ts'
import { empty, ok, privateDomain, type Endpoints } from '../calls/endpoint.ts'
import type { Platform } from '../world/platform.ts'
import { threadView } from '../world/views.ts'
import type { ChannelState, ThreadState } from '../world/world.ts'
import { Places } from './places.ts'

const formats = [1, 2, 3, 4]
const jsonFormat = 4
const threadKind = 1

/** Threads of forum channels. */
export const forumEndpoints = (platform: Platform): Endpoints => {
  const places = new Places(platform)
  const needs = [privateDomain]
  const find = ({ threads }: ChannelState, id: string): ThreadState => {
    const thread = threads.get(id)
    if (thread === undefined) throw new ApiRefusal(503012)
    return thread
  }
  return {
    'GET /channels/{channel_id}/threads': {
      needs,
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        return ok({
          threads: [...channel.threads.values()].map((thread) => threadView(thread, channel)),
          is_finish: 1,
        })
      },
    },
    'GET /channels/{channel_id}/threads/{thread_id}': {
      needs,
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        return ok({ thread: threadView(find(channel, param('thread_id')), channel) })
      },
    },
    'PUT /channels/{channel_id}/threads': {
      needs,
      handle({ param, fields }) {
        const channel = places.channel(param('channel_id'))
        const format = fields.intOf('format', formats)
        const title = fields.string('title')
        const content = fields.string('content')
        if (format === jsonFormat && parseJson(content) === undefined) throw new ApiRefusal(503001)
        const rich = format === jsonFormat ? content : paragraphs(content)
        return ok(publish(platform, channel, { title: paragraphs(title), content: rich }))
      },
    },
    'DELETE /channels/{channel_id}/threads/{thread_id}': {
      needs,
      handle({ param }) {
        const channel = places.channel(param('channel_id'))
        const thread = find(channel, param('thread_id'))
        channel.threads.delete(thread.id)
        platform.dispatch('FORUM_THREAD_DELETE', threadView(thread, channel))
        return empty
      },
    },
  }
}

const paragraphs = (text: string): string =>
  JSON.stringify({ paragraphs: [{ elems: [{ text: { text }, type: 1 }], props: {} }] })

/** Publishes at once; only the audit event tells the id. */
function publish(
  platform: Platform,
  channel: ChannelState,
  text: Pick<ThreadState, 'title' | 'content'>,
): JsonObject {
  const createdAt = platform.clock.now()
  const thread: ThreadState = { id: platform.ids.opaque('B_'), authorId: platform.bot.id, createdAt, ...text }
  channel.threads.set(thread.id, thread)
  const taskId = platform.ids.snowflake()
  platform.dispatch('FORUM_THREAD_CREATE', threadView(thread, channel))
  platform.dispatch('FORUM_PUBLISH_AUDIT_RESULT', {
    guild_id: channel.guild.id,
    channel_id: channel.id,
    author_id: thread.authorId,
    type: threadKind,
    result: 0,
    err_msg: '',
    thread_id: thread.id,
    post_id: '',
    reply_id: '',
    task_id: taskId,
    date_time: platform.now(),
  })
  return { task_id: taskId, create_time: String(Math.floor(createdAt / 1000)) }
}
