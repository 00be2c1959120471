/** Types that have to hold: this file compiles, and each line marked so must not. */
import { expectTypeOf } from 'vitest'

import { type ArgumentsOf, definePlugin, type OptionOf, type Session, z } from '../src/index.ts'

declare module '@mynah/core' {
  interface Services {
    clockwork: { tick(): number }
  }
  interface PlatformEvents {
    'fake/notice': { readonly file: { readonly name: string } }
  }
}

expectTypeOf<ArgumentsOf<'ping'>>().toEqualTypeOf<[]>()
expectTypeOf<ArgumentsOf<'add <a:number> <b:number>'>>().toEqualTypeOf<[number, number]>()
expectTypeOf<ArgumentsOf<'roll [times:int=1]'>>().toEqualTypeOf<[number]>()
expectTypeOf<ArgumentsOf<'roll [times:int]'>>().toEqualTypeOf<[number | undefined]>()
expectTypeOf<ArgumentsOf<'say <words:text>'>>().toEqualTypeOf<[string]>()
expectTypeOf<ArgumentsOf<'sum <numbers:number...>'>>().toEqualTypeOf<[readonly number[]]>()
expectTypeOf<ArgumentsOf<'set <mode:fast|slow>'>>().toEqualTypeOf<['fast' | 'slow']>()
expectTypeOf<ArgumentsOf<'at <when:date> [for:duration=10m]'>>().toEqualTypeOf<[Date, number]>()
expectTypeOf<OptionOf<'v', '-v'>>().toEqualTypeOf<{ readonly v: boolean }>()
expectTypeOf<OptionOf<'n', '-n <n:int>'>>().toEqualTypeOf<{ readonly n: number | undefined }>()
expectTypeOf<OptionOf<'n', '-n <n:int=3>'>>().toEqualTypeOf<{ readonly n: number }>()
expectTypeOf<OptionOf<'t', '-t <tag...>'>>().toEqualTypeOf<{ readonly t: readonly string[] }>()

export const everything = definePlugin({
  name: 'types',
  config: z.object({ sides: z.int().default(6) }),
  inject: { clockwork: 'required' },
  setup(ctx, config) {
    expectTypeOf<typeof config>().toEqualTypeOf<{ sides: number }>()
    ctx.clockwork.tick()
    ctx
      .command('roll [times:int=1] [mode:fast|slow]')
      .option('sides', '-s <n:int>')
      .action(({ args, options }) => {
        expectTypeOf<typeof args>().toEqualTypeOf<[number, 'fast' | 'slow' | undefined]>()
        const sides: number | undefined = options.sides
        // @ts-expect-error an argument has its own type
        const wrong: string = args[0]
        // @ts-expect-error there is no such option
        return `${sides}${wrong}${options.faces}`
      })
    ctx.on('guild-member-added', (session) => `${session.user.name} ${session.guild.id}`)
    ctx.on('message-created', (session) => session.message.content)
    // @ts-expect-error not every event has a channel for certain
    ctx.on('friend-added', (session) => session.channel.id)
    ctx.on('fake/notice', (session) => session.raw.file.name)
    // @ts-expect-error the payload has no such field
    ctx.on('fake/notice', (session) => session.raw.folder)
    // @ts-expect-error there is no such event
    ctx.on('message-creatd', () => {})
    ctx.on('event', (session: Session) => session.raw)
  },
})

definePlugin({
  name: 'without',
  setup(ctx) {
    // @ts-expect-error the service is not injected
    ctx.clockwork.tick()
  },
})

definePlugin({
  name: 'optional',
  inject: { clockwork: 'optional' },
  setup(ctx) {
    ctx.clockwork?.tick()
    // @ts-expect-error it may be missing
    ctx.clockwork.tick()
  },
})

definePlugin({
  name: 'listed',
  inject: ['clockwork'],
  setup(ctx) {
    ctx.clockwork.tick()
    ctx.plugin(everything, { sides: 3 })
    // @ts-expect-error a config has its own type
    ctx.plugin(everything, { sides: 'three' })
  },
})

definePlugin({
  name: 'unknown',
  // @ts-expect-error there is no such service
  inject: ['clockworks'],
  setup() {},
})
