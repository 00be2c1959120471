/** What a message costs in a large bot, compared with a small one, alternating in one process. */
import { App, createLogger, definePlugin, type MessageSupport, type Receipt, text, filter } from '@mynah/core'
import { LocalBot } from '@mynah/core/adapter'

interface Size {
  readonly commands: number
  readonly middlewares: number
  readonly conversations: number
}

const small: Size = { commands: 1, middlewares: 0, conversations: 1 }
const large: Size = { commands: 1000, middlewares: 200, conversations: 10_000 }
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 7)
const messagesPerRound = 40_000
const together = 64

/** A bot whose platform costs nothing. */
class MemoryBot extends LocalBot {
  readonly platform = 'memory'
  readonly selfId = 'bot'
  readonly support: MessageSupport = { elements: ['at'] }
  sent = 0
  #awaited = 0
  #allSent = (): void => {}
  readonly #conversations: number
  #count = 0

  constructor(conversations: number) {
    super()
    this.#conversations = conversations
    this.setStatus('online')
  }

  deliver(): Promise<Receipt> {
    this.sent += 1
    if (this.sent === this.#awaited) this.#allSent()
    return Promise.resolve({ status: 'delivered', messageIds: ['1'] })
  }

  /** Resolves when so many answers more were sent. */
  answers(count: number): Promise<void> {
    this.#awaited = this.sent + count
    return new Promise((resolve) => {
      this.#allSent = resolve
    })
  }

  /** Somebody writes, in one conversation after the other. */
  say(words: string): void {
    this.#count += 1
    const id = String(this.#count)
    void this.emit({
      id,
      type: 'message-created',
      platformType: 'memory/message',
      platform: this.platform,
      selfId: this.selfId,
      time: 0,
      user: { id: 'u' },
      guild: { id: 'g' },
      channel: { id: `c${this.#count % this.#conversations}`, type: 'text' },
      message: { id, content: [text(words)] },
      raw: undefined,
    })
  }

  override stop(): Promise<void> {
    return Promise.resolve()
  }
}

interface Subject {
  readonly app: App
  readonly bot: MemoryBot
  readonly words: string
  readonly costs: number[]
}

async function build({ commands, middlewares, conversations }: Size): Promise<Subject> {
  const app = new App({ logger: createLogger({ level: 'error' }) })
  const bot = new MemoryBot(conversations)
  app.addBot(bot)
  const perPlugin = 10
  for (let first = 0; first < Math.max(commands, middlewares); first += perPlugin) {
    const plugin = definePlugin({
      name: `plugin ${first / perPlugin}`,
      setup(ctx) {
        for (let index = first; index < first + perPlugin; index += 1) {
          if (index < commands) ctx.command(`echo${index} <words:text>`).action(({ args: [words] }) => words)
          if (index >= middlewares) continue
          // As in a large bot: some look at every message, most are for other places.
          if (index % 20 === 0) ctx.use((_session, next) => next())
          else ctx.use((_session, next) => next(), { when: filter.of({ guild: `g${index}` }) })
        }
      },
    })
    app.plugin(plugin)
  }
  await app.start()
  return { app, bot, words: `/echo${commands - 1} hello`, costs: [] }
}

/** CPU time of a message in µs. */
async function measure({ bot, words }: Subject, messages: number): Promise<number> {
  const before = process.cpuUsage()
  for (let sent = 0; sent < messages; sent += together) {
    const answered = bot.answers(together)
    for (let count = 0; count < together; count += 1) bot.say(words)
    await answered
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / messages
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const subjects = [await build(small), await build(large)] as const
for (const subject of subjects) await measure(subject, messagesPerRound)
for (let round = 0; round < rounds; round += 1) {
  for (const subject of subjects) subject.costs.push(await measure(subject, messagesPerRound))
}
const [one, many] = subjects.map(({ costs }) => median(costs))
for (const { app, bot } of subjects) {
  if (bot.sent < messagesPerRound * rounds) throw new Error(`Only ${bot.sent} answers were sent.`)
  await app.stop()
}
const ratio = (many ?? Number.NaN) / (one ?? Number.NaN)
console.log(`| bot (median of ${rounds}) | CPU per message |
| --- | ---: |
| 1 command, no middleware, 1 conversation | ${one?.toFixed(2)} µs |
| 1,000 commands, 200 middlewares, 10,000 conversations | ${many?.toFixed(2)} µs |

ratio ${ratio.toFixed(2)} (goal: at most 2)`)
process.exitCode = ratio <= 2 ? 0 : 1
