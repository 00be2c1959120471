import { App, createLogger, definePlugin, permission, plainText, type Plugin, segment } from '@mynah/core'
import type { AdapterContract, Arrival, ContractStage } from '@mynah/testing/contract'

import { vi } from 'vitest'

/** How long a line may take on a busy machine, in ms. */
const patience = { timeout: 15_000, interval: 10 }

/** A plugin that needs one thing of each kind. */
export const host: Plugin = definePlugin({
  name: 'host',
  setup(ctx) {
    ctx
      .command('roll <times:int>')
      .option('sides', '-s <faces:int=6>')
      .action(({ args: [times], options: { sides } }) => `${times} dice with ${sides} sides`)
    ctx.command('ping').action(() => 'pong')
    ctx.command('again').action(() => 'again')
    ctx.command('look <picture:image>').action(() => 'I see a picture')
    ctx.command('name').action(async ({ session }) => `Hello, ${await session.prompt('Who are you?')}`)
    ctx.command('menu').action(() => ['Go?', segment.buttons(segment.button('go', 'Go'))])
    ctx.on('interaction/button', (session) => session.reply(`pressed ${session.event.button?.id}`))
    ctx.command('count').action(async function* count() {
      yield 'one'
      yield ', two'
      yield ', three'
    })
    ctx.on('message-updated', (session) => session.reply('I saw the change'))
    ctx.on('message-deleted', (session) => session.reply('I saw it go'))
    ctx.on('guild-member-added', (session) => session.reply([segment.at(session.user.id), ' welcome']))
    ctx
      .command('secret')
      .permission(permission.superuser)
      .action(() => 'the secret')
  },
})

/** Somebody who talks to the bot, and what they see. */
export class Talk {
  readonly stage: ContractStage
  readonly app: App
  /** What was said and seen, oldest first. */
  readonly lines: string[] = []
  #events = 0
  /** Messages that went out, and those of them that a person has seen. */
  #sent = 0
  #seen = 0
  /** Channels of the messages that were changed after they were sent, by their ids. */
  readonly #edited = new Map<string, string>()

  private constructor(stage: ContractStage, app: App) {
    this.stage = stage
    this.app = app
    app.on('event', () => {
      this.#events += 1
    })
    app.on('message-out', ({ kind, channelId, messageId, receipt }) => {
      if (receipt.status !== 'delivered') return
      if (kind === 'edit' && messageId !== undefined) this.#edited.set(messageId, channelId)
      if (kind !== 'edit') this.#sent += receipt.messageIds.length
    })
  }

  static async begin(contract: AdapterContract, ...plugins: readonly Plugin[]): Promise<Talk> {
    const stage = await contract.start()
    const app = new App({ logger: createLogger({ stream: { write: () => {} } }), graceMs: 100 })
    stage.plug(app)
    for (const plugin of plugins) app.plugin(plugin)
    await app.start()
    const talk = new Talk(stage, app)
    await vi.waitUntil(() => Array.from(app.bots).some(({ status }) => status === 'online'), patience)
    return talk
  }

  async end(): Promise<void> {
    await this.app.stop()
    await this.stage.close()
  }

  get bot(): NonNullable<ReturnType<App['bots']['get']>> {
    for (const bot of this.app.bots) return bot
    throw new Error('There is no bot.')
  }

  /** Lets a plugin be there for a while. @returns What went wrong in it meanwhile. */
  async meet(plugin: Plugin, meanwhile: () => Promise<void>): Promise<readonly unknown[]> {
    const errors: unknown[] = []
    const forget = this.app.on('plugin-error', ({ error }) => errors.push(error))
    const instance = this.app.plugin(plugin)
    try {
      await vi.waitUntil(() => instance.state === 'active', patience)
      await meanwhile()
      await this.app.idle()
      const unseen = this.#sent - this.#seen
      this.#seen = this.#sent
      for (let count = 0; count < unseen; count += 1) await this.stage.group.arrival()
    } finally {
      await instance.dispose()
      await forget()
    }
    return errors
  }

  /** Waits until what somebody does was handled. */
  async settle(doing: () => unknown): Promise<void> {
    const before = this.#events
    await doing()
    await vi.waitUntil(() => this.#events > before, patience)
    await this.app.idle()
  }

  async say(words: string): Promise<void> {
    this.lines.push(`> ${words}`)
    await this.stage.group.say(words)
  }

  /** Where people say something. */
  async channelId(): Promise<string> {
    const heard = new Promise<string>((resolve) => {
      this.app.on('message-created', ({ channel }) => resolve(channel.id))
    })
    await this.say('hello')
    return heard
  }

  /** Notes what a person does. */
  did(what: string): void {
    this.lines.push(`* ${what}`)
  }

  /** @param beginning - How far it is looked at, where platforms show what follows in their own ways. */
  async see(beginning?: string): Promise<Arrival> {
    const arrival = await this.#next()
    const text = arrival.text.trim().slice(0, beginning?.length)
    this.lines.push(`< ${arrival.mentions.length > 0 ? '@ ' : ''}${text}`)
    return arrival
  }

  /** What people have in the end of an answer that comes in pieces: a message that grew, or several. */
  async seeInPieces(command: string): Promise<string> {
    // People see an answer before the receipt of it is there.
    await this.app.idle()
    const before = this.#sent
    this.#edited.clear()
    await this.say(command)
    const texts = [await this.#whole()]
    while (texts.length < this.#sent - before) texts.push(await this.#whole())
    this.lines.push(`< ${texts.join('')}`)
    return texts.join('')
  }

  async #whole(): Promise<string> {
    const { id, text } = await this.#next()
    await this.app.idle()
    const channelId = this.#edited.get(id)
    if (channelId === undefined) return text
    return plainText((await this.bot.getMessage(channelId, id)).content)
  }

  async #next(): Promise<Arrival> {
    const arrival = await this.stage.group.arrival()
    this.#seen += 1
    return arrival
  }
}
