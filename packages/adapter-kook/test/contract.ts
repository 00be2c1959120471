import { startKookEmulator } from '@mynah/emulator-kook'
import type { AdapterContract, ContractChat, ContractStage } from '@mynah/testing/contract'

import kook from '../src/index.ts'

/** The adapter over the gateway. */
export const kookContract: AdapterContract = {
  name: 'adapter-kook',
  start,
  skips: {
    'a friend request comes in': 'KOOK tells of none; bots look them up',
    'a request to join comes in': 'KOOK tells of none',
    'an invitation of the bot comes in': 'people with the right add the bot without asking',
    'a poke comes in': 'KOOK has no pokes',
  },
}

async function start(): Promise<ContractStage> {
  const emulator = await startKookEmulator({ rateLimits: { enabled: false } })
  const { token, baseUrl } = emulator
  const alice = emulator.user({ username: 'alice' })
  const bob = emulator.user({ username: 'bob' })
  const guild = emulator.guild({ members: [alice] })
  const lobby = guild.channel('lobby')
  const member = alice.in(lobby)
  const emoji = '👍'
}
