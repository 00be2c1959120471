import { describe, expect, it } from 'vitest'

import { definePlugin } from '../src/index.ts'
import { startFakeApp } from './fake-bot.ts'

describe('app events', () => {
  it('reach the listeners of other plugins when a plugin emits them', () => {
    const { app } = startFakeApp()
    const codes: number[] = []
    app.plugin(
      definePlugin({
        name: 'host',
        setup: (ctx) => void ctx.on('exit-requested', ({ code }) => codes.push(code)),
      }),
    )
    app.plugin(
      definePlugin({
        name: 'chat',
        setup: (ctx) => ctx.emit('exit-requested', { code: 3, reason: 'enough' }),
      }),
    )
    expect(codes).toEqual([3])
  })

  it('leave plugins that start late a way to know that the app is ready', async () => {
    const { app } = startFakeApp()
    const seen: boolean[] = []
    const look = definePlugin({ name: 'look', setup: (ctx) => void seen.push(ctx.isReady) })
    app.plugin(look)
    await app.start()
    app.plugin(look, {}, { name: 'look:late' })
    expect(seen).toEqual([false, true])
  })

  it('tell when a handler waits for an answer and when it goes on', async () => {
    const { app, bot } = startFakeApp()
    const seen: [string, boolean][] = []
    app.plugin(
      definePlugin({
        name: 'form',
        setup(ctx) {
          ctx.on('prompt-state', ({ event, isWaiting }) => seen.push([event.id, isWaiting]))
          ctx.command('name').action(async ({ session }) => `Hello, ${await session.prompt('Name?')}`)
        },
      }),
    )
    const done = bot.say('/name')
    await expect.poll(() => seen).toEqual([['m1', true]])
    await bot.say('Ann')
    await done
    expect(seen).toEqual([
      ['m1', true],
      ['m1', false],
    ])
    expect(bot.texts).toEqual(['Name?', 'Hello, Ann'])
  })
})
