/** Types that have to hold: this file compiles, and each line marked so must not. */
import { type ArgumentsOf, definePlugin, type OptionOf, type Session, z } from '../src/index.ts'

declare module '../src/context/services.ts' {
  interface Services {
    clockwork: { tick(): number }
  }
}
declare module '../src/model/event.ts' {
  interface PlatformEvents {
    'fake/notice': { readonly file: { readonly name: string } }
  }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const proof = <T extends true>(): T | undefined => undefined

proof<Equal<ArgumentsOf<'ping'>, []>>()
proof<Equal<ArgumentsOf<'add <a:number> <b:number>'>, [number, number]>>()
proof<Equal<ArgumentsOf<'roll [times:int=1]'>, [number]>>()
proof<Equal<ArgumentsOf<'roll [times:int]'>, [number | undefined]>>()
proof<Equal<ArgumentsOf<'say <words:text>'>, [string]>>()
proof<Equal<ArgumentsOf<'sum <numbers:number...>'>, [readonly number[]]>>()
proof<Equal<ArgumentsOf<'set <mode:fast|slow>'>, ['fast' | 'slow']>>()
proof<Equal<ArgumentsOf<'at <when:date> [for:duration=10m]'>, [Date, number]>>()
proof<Equal<OptionOf<'v', '-v'>, { readonly v: boolean }>>()
proof<Equal<OptionOf<'n', '-n <n:int>'>, { readonly n: number | undefined }>>()
proof<Equal<OptionOf<'n', '-n <n:int=3>'>, { readonly n: number }>>()
proof<Equal<OptionOf<'t', '-t <tag...>'>, { readonly t: readonly string[] }>>()

export const everything = definePlugin({
  name: 'types',
  config: z.object({ sides: z.int().default(6) }),
  inject: { clockwork: 'required' },
  setup(ctx, config) {
    proof<Equal<typeof config, { sides: number }>>()
    ctx.clockwork.tick()
    ctx
      .command('roll [times:int=1] [mode:fast|slow]')
      .option('sides', '-s <n:int>')
      .action(({ args, options }) => {
        proof<Equal<typeof args, [number, 'fast' | 'slow' | undefined]>>()
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
