import { setTimeout as pause } from 'node:timers/promises'

import { plainText, type Receipt } from '@mynah/core'

import type { Case } from './case.ts'
import { assert, assertSurvives } from './check-event.ts'
import type { Scene } from './scene.ts'

/** What happens when much comes, or the connection goes. */
export type FlowCase =
  | 'an event that comes twice is handled once'
  | '500 messages at once are seen, or their loss is told'
  | 'the adapter is taken away and added again'
  | 'a connection that breaks comes back'

/** How many messages come at once. */
const flood = 500

export const flowCases: Readonly<Record<FlowCase, Case>> = {
  'an event that comes twice is handled once': {
    needs: ['repeatNext'],
    async run(scene) {
      const { drivers, group } = scene.stage
      await drivers.repeatNext?.()
      await scene.hear(group)
      await scene.hear(group)
      const again = scene.events.pending.filter(({ type }) => type === 'message-created')
      assert(again.length === 0, `${again.length} messages came twice`)
    },
  },
  '500 messages at once are seen, or their loss is told': {
    app: { limits: { maxRunning: 5, maxQueued: 50 } },
    async run(scene) {
      const { group } = scene.stage
      const seen = new Map<string, number>()
      scene.app.on('message-created', async ({ event }) => {
        await pause(1)
        const words = plainText(event.message?.content ?? []).trim()
        seen.set(words, (seen.get(words) ?? 0) + 1)
      })
      await Promise.all(Array.from({ length: flood }, (_, index) => group.say(`flood ${index}`)))
      await scene.until(
        () => seen.size + scene.refused >= flood,
        `all ${flood} messages are seen or told as lost`,
        () => `${seen.size} were seen and ${scene.refused} told as lost`,
      )
      await scene.app.idle()
      assert(Math.max(...seen.values()) === 1, 'a message was handled twice')
      assert(
        seen.size + scene.refused === flood,
        `${seen.size} seen and ${scene.refused} lost are not ${flood}`,
      )
    },
  },
  'the adapter is taken away and added again': {
    async run(scene) {
      await scene.hear(scene.stage.group)
      await scene.adapter.dispose()
      assert(scene.app.bots.size === 0, 'the bot is still there after its adapter was taken away')
      scene.stage.plug(scene.app)
      await scene.online()
      await scene.hear(scene.stage.group)
      await scene.answer('here again')
      assert((await scene.stage.group.arrival()).text === 'here again', 'the answer did not arrive')
    },
  },
  'a connection that breaks comes back': {
    needs: ['cut'],
    async run(scene) {
      const { bot, stage } = scene
      const { channel, ...event } = await scene.hear(stage.group)
      await stage.drivers.cut?.()
      await scene.until(() => scene.statuses.includes('reconnecting'), 'the status is reconnecting')
      const receipt = await bot.sendMessage(channel.id, 'meanwhile', { event: { ...event, channel } })
      assertSurvives(receipt)
      await scene.until(() => bot.status === 'online', 'the account is online again')
      await arrivedOrRetriable(scene, receipt)
      await scene.hear(stage.group)
    },
  },
}

/** What was sent while the connection was gone. */
async function arrivedOrRetriable({ stage }: Scene, receipt: Receipt): Promise<void> {
  if (receipt.status === 'failed') {
    const { code, retriable } = receipt.error
    return assert(retriable, `what failed with ${code} while the connection was gone is not retriable`)
  }
  const { text } = await stage.group.arrival()
  assert(text === 'meanwhile', `people see ${JSON.stringify(text)}`)
}
