import { nothing, page, type ApiCall, type Endpoints } from '../calls/endpoint.ts'
import type { JsonObject } from '@mynah/emulator-kit'
import { ApiRefusal, badParameter, forbidden, notFound } from '../calls/refusal.ts'
import { readContent } from '../world/messages.ts'
import type { ChannelState, TemplateState, ThreadPostState, ThreadState } from '../world/model.ts'
import { may } from '../world/permissions.ts'
import { memberView } from '../world/views.ts'
import { channelOf, demand } from './lookup.ts'

/** Threads of thread channels, and the message templates of the bot. */
export const threadAndTemplateEndpoints: Endpoints = {
  'GET category/list': (call) => {
    const channel = threadChannelOf(call)
    return { list: [{ id: channel.id, name: channel.name, allow: 0, deny: 0, roles: [] }] }
  },

  'POST thread/create': (call) => {
    const { params, world } = call
    const channel = threadChannelOf(call)
    if (params.string('guild_id') !== channel.guildId) throw badParameter('guild_id', 'is another guild')
    const guild = world.guildOf(channel)
    demand(call, guild, 'sendMessages', channel)
    const content = readContent(world, 10, params.string('content'), guild).content
    const thread: ThreadState = {
      id: world.ids.snowflake(),
      channelId: channel.id,
      categoryId: params.optionalString('category_id') ?? '',
      userId: call.caller.id,
      title: params.string('title'),
      cover: params.optionalString('cover') ?? '',
      content,
      tagIds: params.has('tag_ids') ? params.strings('tag_ids') : [],
      createdAt: world.now(),
      latestActiveAt: world.now(),
      status: 2,
      posts: [],
    }
    world.threads.set(thread.id, thread)
    return threadView(call, thread)
  },

  'POST thread/reply': (call) => {
    const { params, world } = call
    const { thread, channel } = threadOf(call)
    const guild = world.guildOf(channel)
    demand(call, guild, 'replyToPosts', channel)
    const replyId = params.optionalString('reply_id') ?? ''
    if (replyId !== '' && !thread.posts.some(({ id }) => id === replyId)) throw notFound('post')
    const post: ThreadPostState = {
      id: world.ids.snowflake(),
      replyId,
      userId: call.caller.id,
      content: readContent(world, 10, params.string('content'), guild).content,
      createdAt: world.now(),
    }
    thread.posts.push(post)
    thread.latestActiveAt = world.now()
    return postView(call, thread, post)
  },

  'GET thread/view': (call) => {
    const { thread } = threadOf(call)
    return { ...threadView(call, thread), content: thread.content }
  },

  'GET thread/list': (call) => {
    const channel = threadChannelOf(call)
    const category = call.params.optionalString('categoryId') ?? ''
    const size = call.params.optionalInt('page_size', { min: 1, max: 30 }) ?? 30
    const before = call.params.optionalInt('time') ?? Infinity
    const threads = [...call.world.threads.values()]
      .filter((thread) => thread.channelId === channel.id && thread.latestActiveAt < before)
      .filter((thread) => category === '' || thread.categoryId === category)
      .sort((a, b) => b.latestActiveAt - a.latestActiveAt)
    return { items: threads.slice(0, size).map((thread) => threadView(call, thread)) }
  },

  'POST thread/delete': (call) => {
    const { params, world } = call
    const channel = threadChannelOf(call)
    const postId = params.optionalString('post_id')
    const thread = [...world.threads.values()].find(
      ({ id, posts, channelId }) =>
        channelId === channel.id &&
        (postId === undefined ? id === params.string('thread_id') : posts.some((post) => post.id === postId)),
    )
    if (thread === undefined) throw notFound('thread')
    const at = thread.posts.findIndex(({ id }) => id === postId)
    const authorId = thread.posts[at]?.userId ?? thread.userId
    if (
      authorId !== call.caller.id &&
      !may(world.guildOf(channel), call.caller.id, 'manageMessages', channel)
    ) {
      throw forbidden('delete what others wrote')
    }
    if (at < 0) world.threads.delete(thread.id)
    else thread.posts.splice(at, 1)
    return nothing
  },

  'GET thread/post': (call) => {
    const { thread } = threadOf(call)
    const parent = call.params.optionalString('post_id') ?? ''
    const order = call.params.word('order', ['asc', 'desc'], 'asc')
    const posts = thread.posts.filter((post) => parent === '' || post.replyId === parent)
    return page(call, order === 'asc' ? posts : posts.toReversed(), (post) => postView(call, thread, post))
  },

  'GET template/list': (call) => page(call, [...call.world.templates.values()], templateView),

  'POST template/create': (call) => {
    const template: TemplateState = {
      id: String(call.world.ids.integer()),
      title: call.params.string('title'),
      content: call.params.string('content'),
      type: call.params.choice('msgtype', [1, 2], 1) === 1 ? 9 : 10,
    }
    call.world.templates.set(template.id, template)
    return { model: templateView(template) }
  },

  'POST template/update': (call) => {
    const template = templateOf(call)
    template.title = call.params.optionalString('title') ?? template.title
    template.content = call.params.optionalString('content') ?? template.content
    if (call.params.has('msgtype')) template.type = call.params.choice('msgtype', [1, 2]) === 1 ? 9 : 10
    return { model: templateView(template) }
  },

  'POST template/delete': (call) => {
    call.world.templates.delete(templateOf(call).id)
    return nothing
  },
}

function threadChannelOf(call: ApiCall): ChannelState {
  const channel = channelOf(call)
  if (channel.type !== 4) throw badParameter('channel_id', 'must be a thread channel')
  return channel
}

function threadOf(call: ApiCall): { thread: ThreadState; channel: ChannelState } {
  const channel = threadChannelOf(call)
  const thread = call.world.threads.get(call.params.string('thread_id'))
  if (thread?.channelId !== channel.id) throw notFound('thread')
  if (thread.status === 1) throw new ApiRefusal(200, 47001, { zh: '帖子审核中', en: 'Under review.' })
  return { thread, channel }
}

function authorOf(call: ApiCall, thread: ThreadState, userId: string): JsonObject {
  const channel = call.world.channels.get(thread.channelId)
  return channel === undefined ? { id: userId } : memberView(call.world, call.world.guildOf(channel), userId)
}

const threadView = (call: ApiCall, thread: ThreadState): JsonObject => ({
  id: thread.id,
  status: thread.status,
  title: thread.title,
  cover: thread.cover,
  category: { id: thread.categoryId },
  tags: thread.tagIds,
  user: authorOf(call, thread, thread.userId),
  create_time: thread.createdAt,
  latest_active_time: thread.latestActiveAt,
})

const postView = (call: ApiCall, thread: ThreadState, post: ThreadPostState): JsonObject => ({
  id: post.id,
  reply_id: post.replyId,
  thread_id: thread.id,
  content: post.content,
  create_time: post.createdAt,
  user: authorOf(call, thread, post.userId),
  replies: thread.posts.filter(({ replyId }) => replyId === post.id).map(({ id }) => ({ id })),
})

const templateView = (template: TemplateState): JsonObject => ({
  id: template.id,
  title: template.title,
  type: 0,
  msgtype: template.type === 9 ? 1 : 2,
  content: template.content,
})

function templateOf(call: ApiCall): TemplateState {
  const template = call.world.templates.get(call.params.string('id'))
  if (template === undefined) throw notFound('template')
  return template
}
