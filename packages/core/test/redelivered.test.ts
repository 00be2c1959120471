import { expect, it } from 'vitest'

import { startFakeApp } from './fake-bot.ts'

it('shows handlers that an event may have been handled before, and tells it in the trace', async () => {
  const { app, bot } = startFakeApp()
  const marks: unknown[] = []
  app.on('message-created', ({ event }) => void marks.push(event.redelivered))
  expect(bot.keys).toBeUndefined()
  await bot.say('new')
  await bot.say('again', { redelivered: true })
  expect(marks).toEqual([undefined, true])
  const isTold = ['m1', 'm2'].map((id) =>
    app.inspect.traces.find(id)?.steps.some(({ kind }) => kind === 'redelivered'),
  )
  expect(isTold).toEqual([false, true])
})
