// A platform in a process of its own, so that the process of the bot does nothing but wait for it.
// node platform-process.mjs '<JSON of the options>'; people speak when it is told { say, expect } by IPC.
import { startKookEmulator } from '@mynah/emulator-kook'
import { startOneBotEmulator } from '@mynah/emulator-onebot'
import { startQQEmulator } from '@mynah/emulator-qq'

const { platform, port, botPort, token } = JSON.parse(process.argv[2] ?? '{}')

/** How each platform is started; gives somebody who speaks to the bot there. */
const platforms = {
  'onebot-forward': async () => {
    const emulator = await startOneBotEmulator({ selfId: 10_001, accessToken: token })
    await emulator.listenWebSocket(port)
    return friendOf(emulator)
  },
  'onebot-http': async () => {
    const emulator = await startOneBotEmulator({ selfId: 10_001, accessToken: token })
    await emulator.listenHttp(port)
    await emulator.useWebhook({ url: `http://127.0.0.1:${botPort}/onebot`, secret: token })
    return friendOf(emulator)
  },
  'onebot-reverse': async () => {
    const emulator = await startOneBotEmulator({ selfId: 10_001, accessToken: token })
    await emulator.connectReverse(`ws://127.0.0.1:${botPort}/onebot/v11/ws`, { reconnectMs: 100 })
    return friendOf(emulator)
  },
  qq: async () =>
    (await startQQEmulator({ appId: '102000001', secret: token, port })).user({ name: 'alice' }).c2c,
  kook: async () => {
    const emulator = await startKookEmulator({ token, port })
    const alice = emulator.user({ username: 'alice', identifyNum: '0042' })
    emulator.guild({ members: [alice] })
    return alice.direct
  },
}

function friendOf(emulator) {
  return emulator.friend({ userId: 1_357_924_680, nickname: 'Alice' })
}

const participant = await platforms[platform]()

async function answer({ say, expect }) {
  try {
    await participant.say(say)
    await participant.expectReply(expect)
    process.send({ isAnswered: true })
  } catch (error) {
    process.send({ isAnswered: false, reason: String(error) })
  }
}

process.on('message', (message) => void answer(message))
process.once('disconnect', () => process.exit())
process.send('ready')
