import { UserError } from '../errors/user-error.ts'
import { formatDuration } from '../i18n/duration.ts'
import { failureKey } from '../i18n/failure-key.ts'
import type { Texts, Translate } from '../i18n/texts.ts'
import type { Address, Addressing } from '../event/address.ts'
import type { Answer, MessageIncoming } from '../middleware/middleware.ts'
import type { PermissionTable } from '../permission/permission.ts'
import { PromptError } from '../prompt/prompt-error.ts'
import { Session } from '../session/session.ts'
import type { Clock } from '../shared/clock.ts'
import { isHere, isPermitted, isRestricted, usableCommands } from './access.ts'
import { ArgumentError, type ArgumentTable } from './arguments.ts'
import { type Command, isStream } from './command.ts'
import { type GuardPass, type GuardRefusal, passGuard } from './guard.ts'
import { helpOf, type HelpView, usageLine } from './help.ts'
import { cutWord, type Match, matchCommand, matchShortcut } from './match.ts'
import { readCommandLine } from './read.ts'
import type { CommandRegistry } from './registry.ts'
import { replyStream } from './stream.ts'
import { maxSuggestions, suggest, type Suggestion } from './suggest.ts'

/** Which refusals are answered; all of them stand in the traces. */
export interface AnswerSettings {
  /** Somebody may not use a command. @defaultValue true */
  readonly refused?: boolean | undefined
  /** Somebody uses a command too often. @defaultValue true */
  readonly limited?: boolean | undefined
}

/** What help is made of. */
export interface HelpHost {
  readonly commands: CommandRegistry
  readonly addressing: Addressing
  readonly texts: Texts
  readonly permissions: PermissionTable
}

/** What the runner works with. */
export interface RunnerOptions extends HelpHost {
  readonly clock: Clock
  readonly argumentTypes: ArgumentTable
  readonly answers: AnswerSettings
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
    const { address } = incoming
    const match = this.#match(event, address)
    if (match === undefined && !address.isLine) {
      incoming.trace?.add('not-addressed', 'commands', 'has no prefix, name or mention in front')
      return undefined
    }
    if (match === undefined) return this.#miss(message, address)
    if (!isHere(match.command, event)) {
      const { name, scope } = match.command
      if (scope.isPaused) incoming.trace?.add('paused', scope.name, `command ${name}`)
      else incoming.trace?.add('filter', name, 'is not for this place')
      return undefined
    }
    return this.#execute(match, message)
  }

  /** Shortcuts come first, unless a prefix asks for a command. */
  #match(event: MessageIncoming['event'], address: Address): Match | undefined {
    const {
      commands: { table: commands },
    } = this.#options
    const isPrefixed = address.prefixed !== undefined
    const byName = (): Match | undefined =>
      address.isLine ? matchCommand(commands, address.line) : undefined
    const byPhrase = (): Match | undefined =>
      commands.shortcuts.size === 0 ? undefined : matchShortcut(commands, event, address)
    return isPrefixed ? (byName() ?? byPhrase()) : (byPhrase() ?? byName())
  }

  #miss(message: MessageIncoming, { line, isExplicit }: Address): Answer | Promise<Answer> {
    const word = cutWord(line)?.word ?? ''
    const { overrides, table } = this.#options.commands
    if (overrides[word]?.enabled === false) {
      message.incoming.trace?.add('disabled', word)
      return undefined
    }
    const near = isExplicit && word !== '' ? suggest(table.entries(), word) : []
    return near.length === 0 ? noCommand(message, word) : this.#suggest(message, word, near)
  }

  async #suggest(message: MessageIncoming, word: string, near: readonly Suggestion[]): Promise<Answer> {
    const { incoming, event } = message
    const commands = near.map(({ command }) => command)
    const usable = await usableCommands(commands, event, incoming.bot, this.#options.permissions)
    const names = near.filter(({ command }) => usable.has(command)).map(({ name }) => name)
    if (names.length === 0) return noCommand(message, word)
    const shown = names.slice(0, maxSuggestions)
    incoming.trace?.add('near-miss', 'commands', shown.join(', '))
    const suggestions = shown.map((name) => `${this.prefix}${name}`).join(', ')
    const { texts } = this.#options
    const answer = texts.translateFor(event, 'command.did-you-mean', { name: word, suggestions })
    incoming.outcome.suggested(answer)
    return answer
  }

  async #execute({ command, rest, preset }: Match, message: MessageIncoming): Promise<Answer> {
    const { scope, guard } = command
    const { incoming, event } = message
    const { argumentTypes, permissions, clock } = this.#options
    const step = incoming.trace?.add('command', command.name, scope.name) ?? 0
    incoming.begin('command', command.name, scope)
    let pass: GuardPass | undefined
    let wasRefused = false
    scope.enter()
    try {
      if (isRestricted(command) && !(await isPermitted(command, event, incoming.bot, permissions))) {
        return refused(command, message, this.#refuse(command, message))
      }
      if (command.action === undefined) return taken(command, message, await this.#help(command, message))
      const line = readCommandLine(command, rest, argumentTypes, {
        preset: preset?.(),
        selfId: event.selfId,
      })
      if (guard !== undefined) {
        const entry = await passGuard(guard, event, incoming.bot, permissions)
        if (entry.kind !== 'in') return refused(command, message, this.#wait(command, message, entry))
        pass = entry
        if (scope.state === 'stopped') return undefined
      }
      const session = new Session(incoming, scope, event, command.name)
      const answer = await command.action({
        args: line.args,
        options: line.options,
        session,
        command: command.name,
      })
      return taken(
        command,
        message,
        isStream(answer)
          ? await replyStream(answer, { message, scope, command: command.name, clock })
          : answer,
      )
    } catch (error) {
      // Nothing was done for who made a mistake or did not answer.
      wasRefused = UserError.is(error) || PromptError.is(error)
      return this.#fail(command, message, error)
    } finally {
      pass?.leave(wasRefused)
      scope.leave()
      incoming.trace?.end(step)
    }
  }

  #refuse(command: Command, { incoming, event }: MessageIncoming): Answer {
    const { answers, texts } = this.#options
    incoming.trace?.add('permission', command.name, `${event.platform}:${event.user.id} may not use it`)
    if (answers.refused === false) return undefined
    return texts.translateFor(event, 'command.refused', { name: this.#nameOf(command) })
  }

  #wait(command: Command, { incoming, event }: MessageIncoming, refusal: GuardRefusal): Answer {
    const { answers, texts } = this.#options
    const name = this.#nameOf(command)
    if (refusal.kind === 'busy') {
      incoming.trace?.add('busy', command.name, 'another one is being handled')
      return refusal.isSilent ? undefined : texts.translateFor(event, 'command.busy', { name })
    }
    const { limit, waitMs } = refusal
    const kind = limit.options.textKey === 'command.quota' ? 'quota' : 'cooldown'
    incoming.trace?.add(kind, command.name, `${waitMs} ms left`)
    if (answers.limited === false) return undefined
    const time = formatDuration(waitMs, texts.locales.of(event))
    return texts.translateFor(event, limit.options.textKey, { name, time, count: limit.options.count })
  }

  #fail(command: Command, message: MessageIncoming, error: unknown): Answer {
    const { incoming, event } = message
    const { texts } = this.#options
    if (UserError.is(error) && error instanceof ArgumentError) {
      incoming.trace?.add('bad-argument', command.name, error.message)
      const usage = `${this.prefix}${usageLine(command)}`
      const mistake = texts.translateFor(event, error.key, error.values)
      const answer = [mistake, texts.translateFor(event, 'command.usage', { usage })].join('\n')
      return refused(command, message, answer)
    }
    if (UserError.is(error)) return taken(command, message, error.message)
    if (PromptError.is(error)) {
      incoming.trace?.add('prompt', command.name, error.message)
      return taken(command, message, texts.translateFor(event, error.textKey))
    }
    incoming.failed(error, `command ${command.name}`, command.scope)
    command.scope.fail(error, `command ${command.name}`)
    const answer = texts.translateFor(event, failureKey(error))
    incoming.outcome.ended('failed', answer, command.scope.name, command.name)
    return answer
  }

  async #help(command: Command, { incoming, event }: MessageIncoming): Promise<string> {
    return helpOf(command, await helpView(this.#options, { event, bot: incoming.bot }))
  }

  #nameOf({ name }: Command): string {
    return `${this.prefix}${name}`
  }
}

function taken(command: Command, { incoming }: MessageIncoming, answer: Answer): Answer {
  incoming.outcome.taken(answer, command.scope.name, command.name)
  return answer
}

function refused(command: Command, { incoming }: MessageIncoming, answer: Answer): Answer {
  incoming.outcome.ended('refused', answer, command.scope.name, command.name)
  return answer
}

function noCommand({ incoming }: MessageIncoming, word: string): undefined {
  incoming.trace?.add('no-command', 'commands', `no command is called "${word}"`)
}

/** Help as the person behind an event may see it. */
export async function helpView(
  { commands, permissions, texts, addressing }: HelpHost,
  { event, bot }: Pick<Session, 'event' | 'bot'>,
): Promise<HelpView> {
  const locale = texts.locales.of(event)
  const translate: Translate = (key, values) => texts.translate(locale, key, values)
  const usable = await usableCommands(commands.table, event, bot, permissions)
  return { commands: commands.table, usable, prefix: addressing.prefixes[0] ?? '', locale, translate }
}
