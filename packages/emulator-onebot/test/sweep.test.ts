import { describe, expect, it } from 'vitest'
import { selfId, setStage } from './stage.ts'
import type { OneBotEmulator } from '../src/emulator.ts'
import type { Profile } from '../src/wire/profile.ts'
import { profiles } from '../src/wire/profiles.ts'
import { actionsOf } from '../src/endpoints/registry.ts'

const stage = setStage()

/** Actions that cannot work with the parameters of all the others, and why. */
const refused: Record<string, string> = {
  set_doubt_friends_add_request: 'there are no doubtful requests',
  delete_unidirectional_friend: 'she is a mutual friend',
  voice_msg_to_text: 'the message is text',
  fetch_ptt_text: 'the message is text',
  get_updates: 'works over HTTP only',
  get_event: 'works over HTTP only',
  get_guild_meta_by_guest: 'the account is in no guild',
  get_guild_channel_list: 'the account is in no guild',
  get_guild_member_list: 'the account is in no guild',
  get_guild_member_profile: 'the account is in no guild',
  send_guild_channel_msg: 'the account is in no guild',
  get_guild_msg: 'the account is in no guild',
  get_topic_channel_feeds: 'the account is in no guild',
  get_guild_roles: 'the account is in no guild',
  create_guild_role: 'the account is in no guild',
  update_guild_role: 'the account is in no guild',
  delete_guild_role: 'the account is in no guild',
  set_guild_member_role: 'the account is in no guild',
}

const mediaActions = new Set(['get_file', 'get_image', 'get_record', 'get_private_file_url'])
const sourceActions = new Set(['set_qq_avatar', 'set_group_portrait', 'upload_image'])
const base64 = 'base64://YWJj'

/** A friend in a group of the bot's own, with everything in it, and parameters that fit all of it. */
async function arrange(
  emulator: OneBotEmulator,
  { letter }: Profile,
  action: string,
  number: number,
): Promise<Record<string, unknown>> {
  const [groupId, userId] = [1000 + number, 100_000 + number]
  const alice = emulator.friend({ userId, nickname: 'Lin' })
  const place = emulator.group({ groupId, name: 'Test', botRole: 'owner' }).add(alice)
  const message = await alice.in(place).say('hi')
  const { md5 } = emulator.world.media.add(Buffer.from('bytes'), 'a.txt')
  await place.upload(alice, 'a.txt', Buffer.from('bytes'))
  const group = emulator.world.groups.get(groupId)!
  const folder = { folderId: '/folder', name: 'Docs', createTime: 1, creator: userId }
  group.folders.set(folder.folderId, folder)
  const notice = { noticeId: '1', senderId: selfId, publishTime: 1, text: 'x', image: undefined }
  group.announcements.set('1', notice)
  const bo = emulator.stranger({ userId: 200_000 + number })
  const request = await (action === 'set_group_add_request' ? bo.requestToJoin(place) : bo.requestFriend())
  const { segments } = message
  const forward = emulator.world.forward([{ userId, nickname: 'Lin', time: 1, groupId: 0, segments }])
  const usesMedia = mediaActions.has(action) || action.startsWith('download_file')
  const path = letter === 'G' || letter === 'L' ? import.meta.filename : base64
  return {
    group_id: groupId,
    user_id: action === 'set_group_kick_members' ? [userId] : userId,
    user_ids: [userId],
    message_id: action === 'get_forward_msg' ? forward.data['id'] : message.id,
    ...(action === 'get_forward_msg' ? { id: forward.data['id'] } : {}),
    message: 'hi',
    messages: [{ type: 'node', data: { user_id: '1', nickname: 'One', content: 'first' } }],
    flag: request.flag,
    sub_type: 'add',
    file: usesMedia ? md5 : sourceActions.has(action) ? base64 : path,
    file_id: usesMedia ? md5 : [...group.files.keys()][0],
    folder_id: folder.folderId,
    context: { post_type: 'message', message_type: 'group', group_id: groupId, user_id: userId },
    ...simpleParams,
  }
}

const simpleParams = {
  operation: {},
  current_parent_directory: '/',
  parent_directory: '/',
  target_parent_directory: '/folder',
  target_directory: '/folder',
  new_name: 'b.txt',
  new_folder_name: 'Papers',
  name: 'a.txt',
  image: base64,
  url: 'https://example.com/a.txt',
  notice_id: '1',
  type: 'all',
  content: 'some words',
  emoji_id: '76',
  emojiId: '76',
  code: '76',
  domain: 'qun.qq.com',
  remark: 'Lin',
  group_name: 'New',
  nickname: 'Robo II',
  card: 'QA',
  duration: 60,
  enable: true,
  anonymous_flag: '1000000411|Sea otter',
  out_format: 'mp3',
  longNick: 'hello',
  status: 10,
  face_id: 1,
  event_type: 1,
  model: 'phone',
  character: 'lucy',
  text: 'hello',
  title: 'Card',
  cmd: 'x',
  command: 'x',
  words: ['bird'],
  stream_id: 's',
  chunk_data: 'YWJj',
  chunk_index: 0,
  total_chunks: 1,
}

describe.each(Object.values(profiles))('$name', (profile) => {
  it('carries out every action it knows', async () => {
    const { emulator, client } = await stage.connect({ profile: profile.name })
    // A restart cuts the connection; it has a test of its own.
    const actions = [...actionsOf(profile).keys()].filter((action) => action !== 'set_restart')
    for (const [number, action] of actions.entries()) {
      const params = await arrange(emulator, profile, action, number)
      const answer = await client.call(action, params)
      const status = action in refused ? 'failed' : 'ok'
      expect(answer, `${action}: ${JSON.stringify(answer)}`).toMatchObject({ status })
    }
  })
})

it('knows each action by the implementations that have it', () => {
  const who = (action: string): string =>
    Object.values(profiles)
      .filter((profile) => actionsOf(profile).has(action))
      .map(({ letter }) => letter)
      .join('')
  const known = {
    send_msg: 'GNBL',
    get_supported_actions: 'G',
    '.handle_quick_operation': 'GNB',
    set_msg_emoji_like: 'NB',
    set_group_reaction: 'L',
    delete_group_folder: 'GNB',
    delete_group_file_folder: 'L',
    _del_group_notice: 'GNL',
    _delete_group_notice: 'B',
    upload_file_stream: 'N',
    set_restart: 'NBL',
    send_like: 'NBL',
  }
  expect(Object.fromEntries(Object.keys(known).map((action) => [action, who(action)]))).toEqual(known)
})
