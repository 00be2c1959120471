import { setImmediate as settle } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

import { type Content, definePlugin, parse, segment, suppress } from '../src/index.ts'
import { contextOf, FakeBot, startFakeApp } from './fake-bot.ts'

declare module '@mynah/core' {
  interface ElementTypes {
    weather: { city: string; days?: number }
  }
}

const weather = definePlugin({
  name: 'weather',
  setup(ctx) {
    ctx.component('weather', async ({ city, days = 1 }, { children, bot, channelId, event }) => {
      await settle()
      const place = `${bot.platform} ${channelId} ${event?.id ?? '-'}`
      return [`${city} for ${days}: `, <b>sun</b>, ` (${place}) `, children]
    })
    ctx.component('twice', (_, { children }) => [children, children])
    ctx.component('forecast', () => <weather city="Paris" />)
    ctx.component('mirror', () => parse('<mirror/>'))
    ctx.component('broken', () => {
      throw new Error('rain')
    })
  },
})

describe('a component', () => {
  it('becomes its content when a message is sent, from JSX, from text form, and inside other elements', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(weather)
    app.plugin(
      definePlugin({
        name: 'user',
        setup(ctx) {
          ctx.command('jsx').action((): Content => <weather city="Rome">warm</weather>)
          ctx.command('text').action(() => parse('<i><weather city="Oslo" days={3}/></i>!'))
          ctx.command('nested').action(() => parse('<twice><forecast/>,</twice>'))
        },
      }),
    )
    await bot.say('/jsx')
    await bot.say('/text')
    await bot.say('/nested')
    expect(bot.texts).toEqual([
      'Rome for 1: sun (fake lobby m1) warm',
      'Oslo for 3: sun (fake lobby m2) !',
      'Paris for 1: sun (fake lobby m3) ,Paris for 1: sun (fake lobby m3) ,',
    ])
    await app.stop()
  })

  it('that fails, or stands in itself, is reported and leaves what is inside it', async () => {
    const { app, bot, logs } = startFakeApp()
    app.plugin(weather)
    await bot.sendMessage('c', parse('before <broken>inside</broken> after'))
    await bot.sendMessage('c', parse('a<mirror/>b'))
    expect(bot.texts).toEqual(['before inside after', 'ab'])
    expect(logs.join()).toContain('Plugin weather failed in component broken: rain')
    expect(logs.join()).toContain('<mirror> stands in itself')
    await app.stop()
  })

  it('goes with its plugin', async () => {
    const { app, bot } = startFakeApp()
    const instance = app.plugin(weather)
    expect(instance.scope?.effects().filter(({ kind }) => kind === 'component')).toHaveLength(5)
    await instance.dispose()
    await bot.sendMessage('c', parse('a <twice>b</twice>'))
    expect(bot.texts).toEqual(['a b'])
    await app.stop()
  })

  it('is resolved before outgoing middlewares look at the message, and after they change it', async () => {
    const { app, bot } = startFakeApp()
    app.plugin(weather)
    const seen: string[] = []
    const ctx = await contextOf(app)
    ctx.outgoing((message, next) => {
      seen.push(...message.elements.map(({ type }) => type))
      if (message.channelId === 'no') return Promise.resolve(suppress('no'))
      message.elements = [...message.elements, ...parse('<twice>!</twice>')]
      return next()
    })
    await bot.sendMessage('c', parse('<twice>hi</twice>'))
    expect(seen).toEqual(['text'])
    expect(bot.texts).toEqual(['hihi!!'])
    expect(await bot.sendMessage('no', parse('<twice>hi</twice>'))).toMatchObject({ status: 'failed' })
    await app.stop()
  })

  it.each([
    ['at', 'ELEMENT_INVALID'],
    ['two words', 'ELEMENT_INVALID'],
    ['weather', 'COMPONENT_CONFLICT'],
  ])('cannot be called %j', async (name, code) => {
    const { app } = startFakeApp()
    app.plugin(weather)
    const second = app.plugin(
      definePlugin({ name: 'other', setup: (ctx) => void ctx.component(name, () => '') }),
    )
    await app.start()
    expect(second.error).toMatchObject({ code })
    await app.stop()
  })

  it('costs a bot nothing when a message has none', async () => {
    const { app } = startFakeApp()
    const bot = new FakeBot('other')
    app.addBot(bot)
    app.plugin(weather)
    const message = [segment.at('1'), ' hi']
    await bot.sendMessage('c', message)
    expect(bot.texts).toEqual([' hi'])
    await app.stop()
  })
})
