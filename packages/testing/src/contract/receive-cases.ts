import { type ChatEvent, type ChatEventName, findElement, plainText, segment } from '@mynah/core'

import type { Case } from './case.ts'
import { assert, assertPlain, assertQuotes } from './check-event.ts'
import { delivered, type Scene } from './scene.ts'
import type { ContractDrivers, DriverName } from './stage.ts'

/** What comes in from the platform. */
export type ReceiveCase =
  | 'a message in a group comes in'
  | 'a direct message comes in'
  | 'a command is answered in both'
  | 'a mention of the bot comes in'
  | 'a message that does not mean the bot says so'
  | 'a direct message means the bot'
  | 'a picture comes in'
  | 'a picture is an argument of a command'
  | 'a quote comes in'
  | 'an answer to a message of the bot means the bot'
  | 'a command in an answer is a command'
  | 'an edited message comes in'
  | 'a recalled message comes in'
  | 'the own messages come in, and run no command'
  | 'a new member comes in'
  | 'a new member is greeted by name'
  | 'a member who leaves comes in'
  | 'a friend request comes in'
  | 'a request to join comes in'
  | 'an invitation of the bot comes in'
  | 'a reaction comes in'
  | 'a reaction taken back comes in'
  | 'a pressed button comes in'
  | 'a poke comes in'
  | 'the account is plain data'

/** A driver that only has to be followed by an event. */
type PlainDriver = { [K in DriverName]: Parameters<ContractDrivers[K]> extends [] ? K : never }[DriverName]

export const receiveCases: Readonly<Record<ReceiveCase, Case>> = {
  'a message in a group comes in': {
    async run(scene) {
      const { channel, guild, user, message } = await scene.hear(scene.stage.group)
      assert(channel.type !== 'direct', 'the channel of a group is of the type direct')
      assert(guild?.id === scene.stage.ids.guild, `the guild is ${guild?.id}, not ${scene.stage.ids.guild}`)
      assert(user.id !== '' && user.id !== scene.bot.selfId, 'the user is not who spoke')
      assert(message.id !== '', 'the message has no id')
    },
  },
  'a direct message comes in': {
    async run(scene) {
      const { channel, user } = await scene.hear(scene.stage.direct)
      assert(channel.type === 'direct', `the channel of a direct chat is of the type ${channel.type}`)
      assert(user.id !== scene.bot.selfId, 'the user is not who spoke')
    },
  },
  'a command is answered in both': {
    async run({ stage }) {
      for (const chat of [stage.group, stage.direct]) {
        await chat.say('/contract-ping')
        const { text } = await chat.arrival()
        assert(text === 'contract-pong', `/contract-ping was answered with ${JSON.stringify(text)}`)
      }
    },
  },
  'a mention of the bot comes in': {
    needs: ['mention'],
    async run(scene) {
      await scene.stage.drivers.mention?.('hello there')
      const event = await scene.event('message-created')
      const { message } = event
      const id = findElement(message.content, 'at')?.attrs.id
      assert(id === scene.bot.selfId, `the mention is of ${id}, not of ${scene.bot.selfId}`)
      assert(
        plainText(message.content).trim() === 'hello there',
        'the words beside the mention are not there',
      )
      scene.expectAddress(event, 'mention', 'hello there')
    },
  },
  'a message that does not mean the bot says so': {
    async run(scene) {
      const event = await scene.hear(scene.stage.group)
      scene.expectAddress(event, undefined, plainText(event.message.content))
    },
  },
  'a direct message means the bot': {
    async run(scene) {
      const event = await scene.hear(scene.stage.direct)
      scene.expectAddress(event, 'direct', plainText(event.message.content))
    },
  },
  'a picture comes in': {
    needs: ['sendImage'],
    async run(scene) {
      await scene.stage.drivers.sendImage?.()
      const { message } = await scene.event('message-created')
      const image = findElement(message.content, 'image')
      assert(image !== undefined, 'there is no picture in the message')
      assert(Object.keys(image.attrs).length > 0, 'the picture leads nowhere')
    },
  },
  'a picture is an argument of a command': {
    needs: ['sayWithImage'],
    async run({ stage }) {
      await stage.drivers.sayWithImage?.('/contract-look')
      const { text } = await stage.group.arrival()
      assert(
        text === 'contract-seen',
        `/contract-look with a picture was answered with ${JSON.stringify(text)}`,
      )
    },
  },
  'a quote comes in': {
    needs: ['quote'],
    async run(scene) {
      const { channelId, messageId } = await scene.callScene()
      await scene.stage.drivers.quote?.(messageId, 'about that')
      const { message } = await scene.event('message-created')
      assertQuotes(message, messageId, 'about that')
      const again = await scene.readAgain(channelId, message.id)
      if (again !== undefined) assertQuotes(again, messageId, 'about that')
    },
  },
  'an answer to a message of the bot means the bot': {
    needs: ['quote'],
    async run(scene) {
      const { messageId } = await scene.callScene()
      await scene.stage.drivers.quote?.(messageId, 'about that')
      scene.expectAddress(await scene.event('message-created'), 'reply', 'about that')
    },
  },
  'a command in an answer is a command': {
    needs: ['quote'],
    async run(scene) {
      const { messageId } = await scene.callScene()
      await scene.stage.group.arrival()
      await scene.stage.drivers.quote?.(messageId, '/contract-ping')
      const { text } = await scene.stage.group.arrival()
      assert(
        text === 'contract-pong',
        `/contract-ping in an answer was answered with ${JSON.stringify(text)}`,
      )
    },
  },
  'an edited message comes in': {
    needs: ['edit'],
    async run(scene) {
      const said = await scene.hear(scene.stage.group)
      await scene.stage.drivers.edit?.('other words')
      const { message, channel } = await scene.event('message-updated')
      assert(message.id === said.message.id, 'the id is not that of the message')
      assert(channel.id === said.channel.id, 'the channel is not that of the message')
      assert(plainText(message.content).trim() === 'other words', 'the content is not the new one')
    },
  },
  'a recalled message comes in': {
    needs: ['recall'],
    async run(scene) {
      const { drivers, group } = scene.stage
      const said = await scene.hear(group)
      await drivers.recall?.()
      const { message } = await scene.event('message-deleted')
      assert(message.id === said.message.id, 'the id is not that of the message')
    },
  },
  'the own messages come in, and run no command': {
    needs: ['speakAsBot'],
    async run(scene) {
      await scene.stage.drivers.speakAsBot?.('/contract-ping')
      const { user } = await scene.event('message-sent')
      assert(user.id === scene.bot.selfId, `the message is by ${user.id}, not by the bot`)
      await scene.answer('the next')
      const own = await scene.stage.group.arrival()
      // People see what the account said elsewhere, too, on some platforms.
      const { text } = own.text.includes('/contract-ping') ? await scene.stage.group.arrival() : own
      assert(text === 'the next', `a command of the bot itself was answered with ${JSON.stringify(text)}`)
    },
  },
  'a new member comes in': happening('addMember', 'guild-member-added', inGuild),
  'a new member is greeted by name': {
    needs: ['addMember'],
    async run(scene) {
      const { drivers, group } = scene.stage
      scene.app.on('guild-member-added', async (session) => {
        delivered(await session.reply(`Welcome, ${await session.displayName()}!`))
      })
      await drivers.addMember?.()
      const { user } = await scene.event('guild-member-added')
      const { text } = await group.arrival()
      const [, name = ''] = /^Welcome, (.+)!$/.exec(text) ?? []
      assert(name !== '' && name !== 'undefined', `people see ${JSON.stringify(text)}`)
      assert(name !== user.id || user.name === user.id, `${user.id} is greeted by the id`)
    },
  },
  'a member who leaves comes in': {
    needs: ['addMember', 'removeMember'],
    async run(scene) {
      const { drivers } = scene.stage
      await drivers.addMember?.()
      const added = await scene.event('guild-member-added')
      await drivers.removeMember?.()
      const removed = await scene.event('guild-member-removed')
      inGuild(removed, scene)
      assert(removed.user.id === added.user.id, 'who left is not who came')
    },
  },
  'a friend request comes in': happening('requestFriend', 'friend-request'),
  'a request to join comes in': happening('requestToJoin', 'guild-member-request', inGuild),
  'an invitation of the bot comes in': happening('inviteBot', 'guild-request'),
  'a reaction comes in': {
    needs: ['react'],
    async run(scene) {
      await reacted(scene)
    },
  },
  'a reaction taken back comes in': {
    needs: ['react', 'unreact'],
    async run(scene) {
      const { messageId, emojiId } = await reacted(scene)
      await scene.stage.drivers.unreact?.(messageId)
      const { message, emoji } = await scene.event('reaction-removed')
      assert(message.id === messageId && emoji.id === emojiId, 'it is not the reaction that was there')
    },
  },
  'a pressed button comes in': {
    needs: ['press'],
    async run(scene) {
      const event = await scene.hear(scene.stage.group)
      const content = ['Go?', segment.buttons(segment.button('go', 'Go'))]
      const receipt = await scene.bot.sendMessage(event.channel.id, content, { event })
      await scene.stage.drivers.press?.(delivered(receipt))
      const { button, user } = await scene.event('interaction/button')
      assert(button.id === 'go', `the button is ${button.id}, not go`)
      assert(user.id !== scene.bot.selfId, 'the user is not who pressed')
    },
  },
  'a poke comes in': happening('poke', 'poke'),
  'the account is plain data': {
    run({ bot }) {
      const { platform, selfId, key, status, user, features, support, intake, isBesideLog } = bot
      assert(key === `${platform}:${selfId}`, `the key is ${key}`)
      assert(support.elements.length > 0 || features.length >= 0, 'it tells nothing of what it can do')
      assertPlain(
        { platform, selfId, key, status, user, features, support, intake, isBesideLog },
        'the account',
      )
      return Promise.resolve()
    },
  },
}

/** A driver, and the event that follows. */
function happening(
  driver: PlainDriver,
  type: ChatEventName,
  check: (event: ChatEvent, scene: Scene) => void = () => {},
): Case {
  return {
    needs: [driver],
    async run(scene) {
      await scene.stage.drivers[driver]?.()
      check(await scene.event(type), scene)
    },
  }
}

function inGuild({ guild }: ChatEvent, { stage }: Scene): void {
  assert(guild?.id === stage.ids.guild, `the guild is ${guild?.id}, not ${stage.ids.guild}`)
}

async function reacted(scene: Scene): Promise<{ messageId: string; emojiId: string }> {
  const { messageId } = await scene.callScene()
  await scene.stage.drivers.react?.(messageId)
  const { message, emoji } = await scene.event('reaction-added')
  assert(message.id === messageId, `the reaction is to ${message.id}, not to ${messageId}`)
  return { messageId, emojiId: emoji.id }
}
