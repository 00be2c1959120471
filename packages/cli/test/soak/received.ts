import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'

import { type Engine, openEngine } from '@mynah/database/engine'
import { type KookEmulator, startKookEmulator } from '@mynah/emulator-kook'
import { type QQEmulator, startQQEmulator } from '@mynah/emulator-qq'

import { type BotProcess, TestProject } from '../bot-process.ts'
import { freePort } from './platform.ts'
import {
  type Death,
  type Handling,
  judge,
  type Platform,
  platforms,
  type Said,
  type Verdict,
} from './judge.ts'

const appId = '102000001'
const secret = 'kq7Zt2WmXp9LcR4vBn3Y'

/**
 * Writes down when each handler begins and ends, so that it survives the process: nobody else could say it. The name of
 * a message says what its handler does: one in fifty takes 3 s, an `ask` waits for a person, and a `push` is not
 * answered.
 */
const witness = `import { appendFileSync } from 'node:fs'
import { setTimeout as pass } from 'node:timers/promises'
import { definePlugin, plainText } from '@mynah/core'
const note = (what, name, event) =>
  appendFileSync('handled.log', JSON.stringify({ what, name, at: Date.now(), run: process.pid, redelivered: event.redelivered === true }) + '\\n')
export default definePlugin({
  name: 'witness',
  setup(ctx) {
    ctx.on('message-created', async (session) => {
      const { text, event } = session
      const [, platform, kind, number] = /^(qq|kook)-(say|ask|push)-(\\d+)$/.exec(text) ?? []
      if (platform === undefined) return
      note('begin', text, event)
      try {
        if (kind === 'ask') await session.prompt('What?')
        else {
          await pass(number % 50 === 7 ? 3000 : number % 7)
          if (platform === 'qq' && kind === 'say') await session.reply('re ' + text)
        }
      } finally {
        note('end', text, event)
      }
    })
    ctx.on('prompt-state', ({ event, isWaiting }) => {
      const text = plainText(event.message?.content ?? []).trim()
      if (isWaiting && text.includes('-ask-')) note('wait', text, event)
    })
  },
})
`

interface Note {
  readonly what: 'begin' | 'wait' | 'end'
  readonly name: string
  readonly at: number
  readonly run: number
  readonly redelivered: boolean
}

/** How a {@link ReceivedTrial} is made. */
export interface TrialOptions {
  /** Where the data of the bot is. @defaultValue 'sqlite:data/bot.db' */
  readonly database?: string
  /** How events come. @defaultValue 'gateway' */
  readonly way?: 'gateway' | 'webhook'
}

const verifyToken = 'vt-0001'

/**
 * A bot that hears people on QQ and KOOK, is killed, and is started again, as often as one likes. What became of each
 * event is told by {@link judge}.
 *
 * @example
 * ```ts
 * await using trial = await ReceivedTrial.create()
 * for (let round = 0; round < 200; round += 1) {
 *   await trial.start()
 *   await trial.speak(300 + Math.random() * 1000)
 *   await trial.kill()
 *   trial.say(5)
 * }
 * await trial.start()
 * expect((await trial.end()).faults).toEqual([])
 * ```
 */
export class ReceivedTrial implements AsyncDisposable {
  readonly qq: QQEmulator
  readonly kook: KookEmulator
  readonly #project: TestProject
  readonly #database: string
  readonly #speak: Readonly<Record<Platform, (name: string, isAsking: boolean) => void>>
  readonly #said: Said[] = []
  readonly #port: number | undefined
  /** Pushes that are not answered. */
  readonly #pushes = new Set<Promise<void>>()
  #count = 0
  readonly #deaths: Death[] = []
  #bot: BotProcess | undefined
  #isAlive = false

  private constructor(
    qq: QQEmulator,
    kook: KookEmulator,
    { project, database, port }: { project: TestProject; database: string; port: number | undefined },
  ) {
    this.#port = port
    this.qq = qq
    this.kook = kook
    this.#project = project
    this.#database = database
    const group = qq.group()
    const alice = qq.user()
    const lena = kook.user({ username: 'lena' })
    const guild = kook.guild({ members: [lena] })
    const lobby = guild.channel('lobby')
    this.#speak = {
      // Whoever is asked answers with what they say next, so everybody is asked once.
      qq: (name, isAsking) => void (isAsking ? qq.user() : alice).in(group).say(name),
      kook: (name, isAsking) => {
        const asker = isAsking ? kook.user({ username: name }) : lena
        if (isAsking) asker.join(guild)
        asker.in(lobby).say(name)
      },
    }
  }

  static async create({
    database = 'sqlite:data/bot.db',
    way = 'gateway',
  }: TrialOptions = {}): Promise<ReceivedTrial> {
    const port = way === 'webhook' ? await freePort() : undefined
    const transport = way === 'webhook' ? way : 'websocket'
    const qq = await startQQEmulator({ appId, secret, rateLimits: false })
    const kook = await startKookEmulator()
    const config = {
      database,
      server: { port: port ?? 0 },
      adapters: {
        qq: { appId, secret, transport, endpoints: { token: qq.baseUrls.token, api: qq.baseUrls.api } },
        kook: {
          token: kook.token,
          baseUrl: kook.baseUrl,
          transport,
          webhook: { verifyToken, path: '/kook' },
        },
      },
    }
    const project = await TestProject.create({
      'bot.config.json': JSON.stringify(config),
      'plugins/witness.js': witness,
      'handled.log': '',
    })
    return new ReceivedTrial(qq, kook, { project, database, port })
  }

  /** Starts the bot; resolves when both platforms know it is there. */
  async start(): Promise<BotProcess> {
    const bot = this.#project.bot(['start'], {}, { stdin: 'ignore' })
    this.#bot = bot
    if (this.#port === undefined) await Promise.all([this.qq.online(60_000), this.kook.online(60_000)])
    else await this.#reachable(this.#port)
    this.#isAlive = true
    return bot
  }

  /** Resolves when both paths are served. */
  async #reachable(port: number): Promise<void> {
    const isServed = async (path: string): Promise<boolean> => {
      try {
        return (await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' })).status !== 404
      } catch {
        return false
      }
    }
    while (!(await isServed('/qq')) || !(await isServed('/kook'))) await pass(50)
    await this.qq.useWebhook({ url: `http://127.0.0.1:${port}/qq` })
  }

  /** Everybody says so many things at once. */
  say(count: number): void {
    for (let left = count; left > 0; left -= 1)
      for (const platform of platforms) this.#sayOne(platform, 'say')
  }

  /** Somebody is asked on each platform, and others go on talking for so many ms. */
  async speak(forMs: number): Promise<void> {
    if (this.#port === undefined) for (const platform of platforms) this.#sayOne(platform, 'ask')
    const endsAt = performance.now() + forMs
    while (performance.now() < endsAt) {
      if (this.#port === undefined) this.say(1)
      else for (const platform of platforms) this.#push(platform, this.#port)
      await pass(10)
    }
  }

  /** Only what is acknowledged has been said: the platform sends the rest again, or knows that it is lost. */
  #push(platform: Platform, port: number): void {
    const name = `${platform}-push-${this.#count}`
    const run = this.#deaths.length
    this.#count += 1
    const pushing = this.#pushOne(platform, name, port)
      .then((isTaken) => {
        if (isTaken) this.#said.push({ name, platform, run })
      })
      .finally(() => this.#pushes.delete(pushing))
    this.#pushes.add(pushing)
  }

  async #pushOne(platform: Platform, name: string, port: number): Promise<boolean> {
    try {
      if (platform === 'qq') return (await this.qq.webhook.post(qqPush(name))).status === 200
      const answer = await fetch(`http://127.0.0.1:${port}/kook`, { method: 'POST', body: kookPush(name) })
      return answer.ok
    } catch {
      // The bot was killed before it answered.
      return false
    }
  }

  #sayOne(platform: Platform, kind: 'say' | 'ask'): void {
    const name = `${platform}-${kind}-${this.#count}`
    this.#count += 1
    const run = this.#isAlive ? this.#deaths.length : undefined
    this.#said.push({ name, platform, run })
    this.#speak[platform](name, kind === 'ask')
  }

  /** Asks the bot to end, as `bot restart` and a service do; resolves when it has. */
  async stop(): Promise<void> {
    this.#bot?.kill('SIGTERM')
    this.#isAlive = false
    await this.#bot?.exited()
  }

  /** Kills the bot with signal 9, and looks at what it has stored. */
  async kill(): Promise<void> {
    this.#bot?.kill('SIGKILL')
    this.#isAlive = false
    await this.#bot?.exited()
    await Promise.all(this.#pushes)
    const runs = (await this.#notes()).map(({ run }) => run)
    const engine = await openEngine(this.#database, { folder: this.#project.root })
    const source = this.#port === undefined ? 'gateway' : 'pushes'
    const [qq, kook] = await Promise.all(platforms.map((platform) => storedAt(engine, platform, source)))
    await engine.close()
    this.#deaths.push({ run: runs.at(-1) ?? 0, storedAt: { qq: qq ?? 0, kook: kook ?? 0 } })
  }

  /** Waits until all that was said has been handled. @returns What became of it. */
  async end(timeoutMs = 120_000): Promise<Verdict> {
    const endsAt = performance.now() + timeoutMs
    for (;;) {
      const notes = await this.#notes()
      const over = new Set(notes.flatMap(({ what, name }) => (what === 'begin' ? [] : [name])))
      const open = this.#said.filter(({ name }) => !over.has(name))
      if (open.length === 0) return judge(this.#said, handlingsOf(notes), this.#deaths)
      if (performance.now() > endsAt)
        throw new Error(`Not handled within ${timeoutMs} ms: ${open.map(({ name }) => name).join(' ')}`)
      await pass(50)
    }
  }

  async #notes(): Promise<Note[]> {
    const text = await readFile(join(this.#project.root, 'handled.log'), 'utf8')
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Note => JSON.parse(line))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bot?.[Symbol.asyncDispose]()
    await Promise.all([this.qq.close(), this.kook.close()])
    await this.#project[Symbol.asyncDispose]()
  }
}

/** When the row was written that a platform's next start goes by, in ms since 1970. */
async function storedAt(engine: Engine, platform: Platform, source: 'gateway' | 'pushes'): Promise<number> {
  const { rows } = await engine.read({
    sql: `select value from mynah_storage where owner = 'mynah:accounts' and (key like $1 or key like $2)`,
    parameters: [`${platform}:%:${source}`, `${platform}:%:${source}:_/_`],
  })
  const text = rows[0]?.['value']
  const row: unknown = typeof text === 'string' ? JSON.parse(text) : undefined
  return typeof row === 'object' && row !== null && 'at' in row ? Number(row.at) : 0
}

function qqPush(name: string): string {
  const d = { id: name, author: { id: 'U', user_openid: 'U' }, content: name }
  return JSON.stringify({ op: 0, t: 'C2C_MESSAGE_CREATE', id: `C2C_MESSAGE_CREATE:${name}`, d })
}

function kookPush(name: string): string {
  const d = {
    channel_type: 'GROUP',
    type: 9,
    target_id: '1',
    author_id: '7',
    content: name,
    msg_id: name,
    msg_timestamp: Date.now(),
    nonce: '',
    verify_token: verifyToken,
    extra: { guild_id: '2', author: { id: '7', username: 'alice' } },
  }
  return JSON.stringify({ s: 0, d, sn: 1 })
}

function handlingsOf(notes: readonly Note[]): Map<string, Handling[]> {
  const handlings = new Map<string, Handling[]>()
  for (const { what, name, at, run, redelivered } of notes) {
    const known = handlings.get(name) ?? []
    handlings.set(name, known)
    if (what === 'begin') known.push({ run, redelivered, settledAt: undefined })
    else known.splice(-1, 1, { run, redelivered, settledAt: at })
  }
  return handlings
}
