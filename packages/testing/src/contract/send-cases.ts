import { type Content, type ElementType, segment, standardElements } from '@mynah/core'

import type { Case } from './case.ts'
import { assert, assertQuotes, assertSurvives } from './check-event.ts'
import { image, sampleOf } from './samples.ts'
import { delivered, describeReceipt, Scene } from './scene.ts'

/** What goes out to the platform. */
export type SendCase =
  | 'text goes out'
  | 'a mention goes out'
  | 'a quote goes out'
  | 'a picture goes out'
  | 'every element that it shows goes out as it is'
  | 'every other element is rewritten'
  | 'a long text goes out in parts, in order'
  | 'a quick answer goes out'
  | 'a message that goes nowhere fails with a code'
  | 'an address goes through JSON and a restart'

export const sendCases: Readonly<Record<SendCase, Case>> = {
  'text goes out': {
    async run(scene) {
      for (const chat of [scene.stage.group, scene.stage.direct]) {
        const id = await scene.answer('Good <morning> & *hello* [there]', chat)
        const arrival = await chat.arrival()
        assert(arrival.text === 'Good <morning> & *hello* [there]', `the words are ${arrival.text}`)
        assert(arrival.id === id, `the receipt has the id ${id}, the platform ${arrival.id}`)
      }
    },
  },
  'a mention goes out': {
    async run(scene) {
      const { user } = await scene.hear(scene.stage.group)
      await scene.answer([segment.at(user.id, user.name ?? 'somebody'), ' look'])
      const { mentions } = await scene.stage.group.arrival()
      assert(mentions.includes(user.id), `people see mentions of ${mentions.join(', ') || 'nobody'}`)
    },
  },
  'a quote goes out': {
    async run(scene) {
      const event = await scene.hear(scene.stage.group)
      const content = [segment.quote(event.message.id), 'about that']
      const id = delivered(await scene.bot.sendMessage(event.channel.id, content, { event }))
      const { quote, text } = await scene.stage.group.arrival()
      assert(quote === event.message.id, `people see a quote of ${quote}, not of ${event.message.id}`)
      assert(text.includes('about that'), 'people do not see the words beside the quote')
      const again = await scene.readAgain(event.channel.id, id)
      if (again !== undefined) assertQuotes(again, event.message.id, 'about that')
    },
  },
  'a picture goes out': {
    async run(scene) {
      await scene.answer(image)
      const { images } = await scene.stage.group.arrival()
      assert(images === 1, `people see ${images} pictures instead of one`)
    },
  },
  'every element that it shows goes out as it is': {
    async run(scene) {
      const { elements } = scene.bot.support
      for (const type of standardElements.filter((known) => elements.includes(known))) {
        await answerWith(scene, type)
        assert(
          scene.handedOver.at(-1)?.has(type) === true,
          `${type} is in support.elements, and was rewritten`,
        )
        await scene.stage.group.arrival()
      }
    },
  },
  'every other element is rewritten': {
    async run(scene) {
      const { elements } = scene.bot.support
      const others = standardElements.filter((known) => known !== 'text' && !elements.includes(known))
      for (const type of others) {
        await answerWith(scene, type)
        assert(
          scene.handedOver.at(-1)?.has(type) === false,
          `${type} is not in support.elements, and was left`,
        )
        await scene.stage.group.arrival()
      }
    },
  },
  'a long text goes out in parts, in order': {
    async run(scene) {
      const { maxTextLength } = scene.bot.support
      assert(
        maxTextLength !== undefined,
        'support.maxTextLength is not there; skip this where nothing is too long',
      )
      const lines = Array.from({ length: Math.ceil((maxTextLength * 2.5) / 20) }, (_, index) =>
        `line ${index}`.padEnd(19, '.'),
      )
      const event = await scene.hear(scene.stage.group)
      const receipt = await scene.bot.sendMessage(event.channel.id, lines.join('\n'), { event })
      assert(receipt.status === 'delivered', `the receipt is ${describeReceipt(receipt)}`)
      assert(receipt.messageIds.length > 1, 'the receipt has not one id for each part')
      assertSurvives(receipt)
      const parts: string[] = []
      for (const id of receipt.messageIds) {
        const arrival = await scene.stage.group.arrival()
        assert(arrival.id === id, 'the parts did not come in the order of the receipt')
        parts.push(arrival.text)
      }
      const together = parts.join('').replaceAll(/\s/g, '')
      assert(together === lines.join('').replaceAll(/\s/g, ''), 'the parts together are not the text')
    },
  },
  'a quick answer goes out': {
    async run(scene) {
      const { group } = scene.stage
      scene.app.on('message-created', ({ event }) =>
        scene.bot.sendMessage(event.channel.id, 'quickly', { event, quick: true }),
      )
      await group.say('be quick')
      const { text } = await group.arrival()
      assert(text.endsWith('quickly'), `people see ${JSON.stringify(text)}`)
    },
  },
  'a message that goes nowhere fails with a code': {
    async run({ bot, stage }) {
      const receipt = await bot.sendMessage(stage.ids.nowhere, 'Is anybody there?')
      assert(receipt.status === 'failed', `the receipt is ${describeReceipt(receipt)}`)
      assert(
        receipt.error.code !== 'SEND_FAILED' && receipt.error.message !== '',
        'the failure does not say why',
      )
      assertSurvives(receipt)
    },
  },
  'an address goes through JSON and a restart': {
    async run(scene) {
      const { stage } = scene
      const addresses: string[] = []
      for (const chat of [stage.group, stage.direct]) addresses.push((await scene.hear(chat)).channel.id)
      const kept: unknown = JSON.parse(JSON.stringify(addresses))
      await scene.close()
      const later = await Scene.open(stage)
      try {
        for (const [index, chat] of [stage.group, stage.direct].entries()) {
          const channelId = Array.isArray(kept) ? String(kept[index]) : ''
          delivered(await later.bot.sendMessage(channelId, `still here ${index}`))
          const { text } = await chat.arrival()
          assert(text === `still here ${index}`, `people see ${JSON.stringify(text)}`)
        }
      } finally {
        await later.close()
      }
    },
  },
}

async function answerWith(scene: Scene, type: ElementType): Promise<void> {
  const event = await scene.hear(scene.stage.group)
  const receipt = await scene.bot.sendMessage(event.channel.id, await sample(scene, type), { event })
  assert(receipt.status === 'delivered', `the receipt of ${type} is ${describeReceipt(receipt)}`)
}

/** Something that has an element of that type. */
async function sample(scene: Scene, type: ElementType): Promise<Content> {
  const { samples, ids, group } = scene.stage
  const own = samples?.[type]
  if (own !== undefined) return own
  const { message, channel } = await scene.hear(group)
  return sampleOf(type, { bot: scene.bot, channelId: channel.id, messageId: message.id }, ids)
}
