import { type OneBotGroup, type OneBotUser, startOneBotEmulator } from '@mynah/emulator-onebot'
import type { AdapterContract, ContractChat, ContractStage } from '@mynah/testing/contract'

import onebot from '../src/index.ts'

/** A participant in one chat with the bot. */
type Participant = ReturnType<OneBotUser['in']>

/** The adapter over a forward WebSocket to NapCat. */
export const onebotContract: AdapterContract = {
  name: 'adapter-onebot',
  start,
  skips: {
    'an edited message comes in': 'QQ has no edited messages',
    'a pressed button comes in': 'the protocol has no buttons',
    'a long text goes out in parts, in order': 'the protocol knows no limit',
  },
}

async function start(): Promise<ContractStage> {
  const emulator = await startOneBotEmulator({
    selfId: 3_889_001_234,
    heartbeatMs: 0,
    reportSelfMessages: true,
  })
  const { url } = await emulator.listenWebSocket()
  const alice = emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
  const bob = emulator.stranger({ userId: 1_357_924_681, nickname: 'Bob' })
  const group: OneBotGroup = emulator.group({ groupId: 765_432_109, name: 'Test' }).add(alice)
  group.setBotRole('owner')
  const member = alice.in(group)
  let last = 0
  let newest = bob
  let joined = 0
  const speak = async (
    participant: Participant,
    speech: Parameters<Participant['say']>[0],
  ): Promise<void> => {
    last = (await participant.say(speech)).id
  }
  const called = (action: string, params: Readonly<Record<string, unknown>> = {}): boolean =>
    emulator.calls.some(
      (call) =>
        call.action === action &&
        Object.entries(params).every(([name, value]) => String(call.params[name]) === String(value)),
    )
  const reactionsTo = (messageId: string): number => {
    const reactions =
      emulator.world.messages.get(Number(messageId))?.reactions ?? new Map<string, Set<number>>()
    return Array.from(reactions.values()).filter(({ size }) => size > 0).length
  }
  const at = { type: 'at', data: { qq: String(emulator.selfId) } }

  return {
    plug: (app) => app.plugin(onebot, { forward: [{ url }] }),
    group: chatOf(member, speak),
    direct: chatOf(alice, speak),
    ids: { guild: String(group.groupId), user: String(alice.userId), emoji: '76', nowhere: '1' },
    drivers: {
      mention: (words) => speak(member, [at, { type: 'text', data: { text: ` ${words}` } }]),
      sendImage: () => speak(member, { type: 'image', data: { file: `base64://${pixel}` } }),
      sayWithImage: (words) =>
        speak(member, [
          { type: 'text', data: { text: words } },
          { type: 'image', data: { file: `base64://${pixel}` } },
        ]),
      quote: (messageId, words) => member.replyTo(Number(messageId), words),
      recall: () => member.recall(last),
      async speakAsBot(words) {
        const { world } = emulator
        const segments = [{ type: 'text', data: { text: words } }]
        const chat = { kind: 'group', groupId: group.groupId } as const
        const message = { time: world.time, chat, senderId: emulator.selfId, segments, anonymous: undefined }
        await emulator.emit(emulator.events.message(world.messages.add(message)))
      },
      addMember: () => {
        // The same person who comes and goes within a second would be one event told twice.
        newest = emulator.stranger({ userId: 1_357_924_700 + (joined += 1), nickname: `Guest ${joined}` })
        return group.join(newest, { by: alice })
      },
      removeMember: () => group.leave(newest),
      requestFriend: () => bob.requestFriend('please'),
      requestToJoin: () => bob.requestToJoin(group, 'please'),
      inviteBot: () => alice.inviteBot(765_432_110),
      react: (messageId) => member.react(Number(messageId), '76'),
      unreact: (messageId) => member.react(Number(messageId), '76', false),
      poke: () => member.poke(),
      repeatNext: () => emulator.faults.duplicateEvents(),
      cut: () => emulator.restart(),
    },
    shows: {
      pinMessage: () => called('set_essence_msg'),
      unpinMessage: () => called('delete_essence_msg'),
      createReaction: ({ messageId }) => reactionsTo(messageId) === 1,
      deleteReaction: ({ messageId }) => reactionsTo(messageId) === 0,
      muteGuild: () => called('set_group_whole_ban', { group_id: '765432109', enable: true }),
      muteMember: () => called('set_group_ban', { user_id: String(alice.userId), duration: 60 }),
      answerRequest: () => called('set_friend_add_request', { approve: true }),
      poke: () => called('group_poke', { user_id: String(alice.userId) }),
    },
    close: () => emulator.close(),
  }
}

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

function chatOf(
  participant: Participant,
  speak: (participant: Participant, words: string) => Promise<void>,
): ContractChat {
  return {
    say: (words) => speak(participant, words),
    async arrival() {
      const { messageId, text, mentions, quote, media } = await participant.expectReply()
      return {
        id: String(messageId),
        text,
        mentions: mentions.map(String),
        quote: quote === undefined ? undefined : String(quote),
        images: media.length,
      }
    },
  }
}
