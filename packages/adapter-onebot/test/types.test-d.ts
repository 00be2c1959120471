/** Types that have to hold: this file compiles, and each line marked so must not. */
import type { Context } from '@mynah/core'
import { expectTypeOf } from 'vitest'

import type { OneBotApi } from '../src/index.ts'
import type { GroupUploadNotice, Id, OneBotEvent, PokeNotice } from '../src/wire/index.ts'

export function listen(ctx: Context): void {
  ctx.on('onebot/notice.group_upload', (session) => {
    expectTypeOf(session.raw).toEqualTypeOf<GroupUploadNotice>()
    expectTypeOf(session.raw.file.busid).toEqualTypeOf<number>()
  })
  ctx.on('onebot/notice.notify.poke', (session) => expectTypeOf(session.raw).toEqualTypeOf<PokeNotice>())
  // @ts-expect-error there is no such event
  ctx.on('onebot/notice.group_download', () => {})
  ctx.on('message-created', async ({ bot }) => {
    expectTypeOf(bot.api('onebot')).toEqualTypeOf<OneBotApi>()
  })
}

/** `post_type` and the second level tell events apart. */
export function describe(event: OneBotEvent): string {
  if (event.post_type === 'request') return event.flag
  if (event.post_type !== 'notice') return event.post_type
  if (event.notice_type === 'group_upload') return event.file.name
  if (event.notice_type !== 'notify') return event.notice_type
  return event.sub_type === 'honor' ? event.honor_type : event.sub_type
}

export async function call(api: OneBotApi): Promise<void> {
  expectTypeOf(await api.groups.get('5')).toHaveProperty('group_name')
  expectTypeOf((await api.messages.sendGroup(5, 'x')).message_id).toEqualTypeOf<Id>()
  expectTypeOf(await api.call('anything')).toEqualTypeOf<unknown>()
  // @ts-expect-error a message needs somebody to go to
  await api.messages.send({ message: 'x' })
  // @ts-expect-error the duration is a number
  await api.members.mute(1, 2, '5')
}
