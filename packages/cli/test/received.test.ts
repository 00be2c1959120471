import { expect, it, vi } from 'vitest'

import { ReceivedTrial } from './soak/received.ts'

vi.setConfig({ testTimeout: 240_000 })

it('handles every event of QQ and KOOK as often as a kill -9 allows, and says each answer once', async () => {
  await using trial = await ReceivedTrial.create()
  for (const forMs of [1500, 700]) {
    await trial.start()
    await trial.speak(forMs)
    await trial.kill()
    trial.say(20)
  }
  const bot = await trial.start()
  const { counts, faults } = await trial.end()
  expect(faults).toEqual([])
  expect(Object.values(counts).every((count) => count > 0)).toBe(true)
  const answers = trial.qq.messages.map(({ text }) => text).filter((text) => text.startsWith('re '))
  expect(new Set(answers).size).toBe(answers.length)
  expect(bot.log.some(({ msg }) => msg.includes('does not continue the session'))).toBe(false)
})

it('handles every event once over a stop, without a mark, in the session that it had', async () => {
  await using trial = await ReceivedTrial.create()
  await trial.start()
  await trial.speak(300)
  await trial.stop()
  trial.say(20)
  const bot = await trial.start()
  const { counts, marked, faults } = await trial.end()
  expect(faults).toEqual([])
  expect(counts.notBegun).toBeGreaterThanOrEqual(40)
  expect(marked).toBe(0)
  expect(bot.log.some(({ msg }) => msg.includes('does not continue the session'))).toBe(false)
})

it('handles every push that it has acknowledged as often as a kill -9 allows', async () => {
  await using trial = await ReceivedTrial.create({ way: 'webhook' })
  for (const forMs of [1500, 700]) {
    await trial.start()
    await trial.speak(forMs)
    await trial.kill()
  }
  await trial.start()
  await trial.speak(100)
  const { counts, faults } = await trial.end()
  expect(faults).toEqual([])
  expect(counts.underWay).toBeGreaterThan(0)
  expect(counts.settled).toBeGreaterThan(counts.justSettled)
})
