import { describe, expect, it } from 'vitest'

import { definePlugin } from '../src/index.ts'
import { startFakeApp } from './fake-bot.ts'

describe('an option with a default', () => {
  const dice = definePlugin({
    name: 'dice',
    setup(ctx) {
      ctx
        .command('roll [times:int=1]')
        .option('sides', '-s <faces:int=6>')
        .action(({ args: [times], options: { sides } }) => `${times * 1}d${sides * 1}`)
    },
  })

  it('has it as a number when it is left out, and the given value otherwise', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(dice)
    await bot.say('/roll')
    await bot.say('/roll 2 --sides 20')
    await bot.say('/roll -s=8')
    expect(bot.texts).toEqual(['1d6', '2d20', '1d8'])
  })

  it('still needs its value when it is written', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(dice)
    await bot.say('/roll --sides')
    expect(bot.texts[0]).toContain('Usage: /roll [times]')
  })
})
