import type { Texts } from '../i18n/texts.ts'
import { UserError } from '../errors/user-error.ts'
import { type Content, type Element, isElement } from '../message/element.ts'
import type { Answer, MessageIncoming, MessageSession } from '../middleware/middleware.ts'
import { PromptError } from '../session/prompt-error.ts'
import { Session } from '../session/session.ts'
import { type Addressing, readAddress } from './address.ts'
import { ArgumentError, type ArgumentTable } from './arguments.ts'
import { type Command, isStream, trimStart, withText } from './command.ts'
import { helpOf, type Translate, usageLine } from './help.ts'
import { readCommandLine } from './read.ts'
import type { CommandRegistry } from './registry.ts'
import { suggest } from './suggest.ts'

/** What the runner works with. */
export interface RunnerOptions {
  readonly commands: CommandRegistry
  readonly argumentTypes: ArgumentTable
  readonly addressing: Addressing
  readonly texts: Texts
}

interface Match {
  readonly command: Command
  readonly rest: readonly Element[]
}

/** Finds the command that a message calls, checks it and runs it. */
export class CommandRunner {
  readonly #options: RunnerOptions

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  /** The prefix that texts show. */
  get prefix(): string {
    return this.#options.addressing.prefixes[0] ?? ''
  }

  /** The end of the middleware chain. Never throws and never rejects; a promise only where a command runs. */
  run(message: MessageIncoming): Answer | Promise<Answer> {
    const { event, incoming } = message
    const isDirect = event.channel.type === 'direct'
    const addressed = readAddress(event.message.content, this.#options.addressing, event.selfId, isDirect)
    if (addressed === undefined) {
      incoming.trace?.add('no-command', 'commands', 'has no prefix, name or mention in front')
      return undefined
    }
    const match = this.#match(addressed.content)
    if (match === undefined) return this.#miss(message, addressed.content, addressed.isExplicit)
    const { scope, when } = match.command
    if (scope.when?.(event) === false || when?.(event) === false) {
      const reason = scope.isPaused ? `plugin ${scope.name} is paused` : 'is not for this place'
      incoming.trace?.add('filter', match.command.name, reason)
      return undefined
    }
    return this.#execute(match, message)
  }

  #match(content: readonly Element[]): Match | undefined {
    const { commands } = this.#options
    let cut = cutWord(content)
    let command = cut === undefined ? undefined : commands.get(cut.word)
    if (command === undefined || cut === undefined) return undefined
    let { rest } = cut
    while (commands.hasChildren(command) && (cut = cutWord(rest)) !== undefined) {
      const child = commands.get(`${command.name} ${cut.word}`)
      if (child === undefined) break
      command = child
      rest = cut.rest
    }
    return { command, rest }
  }

  #miss(message: MessageIncoming, content: readonly Element[], isExplicit: boolean): Answer {
    const word = cutWord(content)?.word ?? ''
    const { trace } = message.incoming
    const suggestions = isExplicit && word !== '' ? suggest(this.#options.commands, word) : []
    if (suggestions.length === 0) {
      trace?.add('no-command', 'commands', `no command is called "${word}"`)
      return undefined
    }
    trace?.add('near-miss', 'commands', suggestions.join(', '))
    const names = suggestions.map((name) => `${this.prefix}${name}`).join(', ')
    return this.#translate()('command.did-you-mean', { name: word, suggestions: names })
  }

  async #execute({ command, rest }: Match, message: MessageIncoming): Promise<Answer> {
    const { scope } = command
    const { trace } = message.incoming
    const step = trace?.add('command', command.name, scope.name) ?? 0
    const session = new Session(message.incoming, scope, message.event)
    message.incoming.begin('command', command.name, scope)
    if (command.action === undefined)
      return helpOf(this.#options.commands, command, this.prefix, this.#translate())
    scope.enter()
    try {
      const line = readCommandLine(command, rest, this.#options.argumentTypes)
      const answer = await command.action({
        args: line.args,
        options: line.options,
        session,
        command: command.name,
      })
      return isStream(answer) ? await replyAll(answer, session) : answer
    } catch (error) {
      if (error instanceof ArgumentError) {
        trace?.add('bad-argument', command.name, error.message)
        return this.#explain(command, error)
      }
      if (UserError.is(error)) return error.message
      if (PromptError.is(error)) {
        trace?.add('prompt', command.name, error.message)
        return this.#translate()(error.textKey)
      }
      message.incoming.failed(error, `command ${command.name}`, scope)
      scope.fail(error, `command ${command.name}`)
      return this.#translate()('command.failed')
    } finally {
      scope.leave()
      trace?.end(step)
    }
  }

  #explain(command: Command, error: ArgumentError): string {
    const translate = this.#translate()
    return [
      translate(error.key, error.values),
      translate('command.usage', { usage: `${this.prefix}${usageLine(command)}` }),
    ].join('\n')
  }

  #translate(): Translate {
    const { texts } = this.#options
    return (key, values) => texts.translate(undefined, key, values)
  }
}

/** An answer in pieces is sent piece by piece. */
async function replyAll(pieces: AsyncIterable<Content>, session: MessageSession): Promise<undefined> {
  for await (const piece of pieces) await session.reply(piece)
  return undefined
}

/** The first word of a message, and what follows it. */
function cutWord(content: readonly Element[]): { word: string; rest: readonly Element[] } | undefined {
  const [first] = content
  if (first === undefined || !isElement(first, 'text')) return undefined
  const line = first.attrs.content.trimStart()
  const end = line.search(/\s/)
  if (line === '') return undefined
  if (end < 0) return { word: line, rest: content.slice(1) }
  return { word: line.slice(0, end), rest: trimStart(withText(content, line.slice(end))) }
}
