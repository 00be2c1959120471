import { type ChatEvent, definePlugin, type Plugin, type Session } from '@mynah/core'

/** Answers `/ping` and `/echo`. */
export const ping: Plugin = definePlugin({
  name: 'ping',
  setup(ctx) {
    ctx.command('ping').action(() => 'pong')
    ctx.command('echo <words:text>').action(({ args: [words] }) => words)
  },
})

/** Keeps every event in a list. */
export const record = (events: ChatEvent[]): Plugin =>
  definePlugin({
    name: 'record',
    setup(ctx) {
      ctx.on('event', ({ event }) => void events.push(event))
    },
  })

/** Calls back with every message. */
export const onMessage = (listener: (session: Session) => unknown): Plugin =>
  definePlugin({
    name: 'on-message',
    setup(ctx) {
      ctx.on('message-created', listener)
    },
  })
