import { type Command, describe, holdsUpwards } from './command.ts'
import { formatParameter, type OptionSpec } from './grammar.ts'
import type { Translate } from '../i18n/texts.ts'
import type { CommandTable } from './command-table.ts'

/** For whom help is written. */
export interface HelpView {
  /** All commands. */
  readonly commands: CommandTable
  /** What the person may use; nothing else is shown. */
  readonly usable: ReadonlySet<Command>
  /** What stands in front of a command. */
  readonly prefix: string
  /** Language of the person. */
  readonly locale: string
  /** Gives texts in that language. */
  readonly translate: Translate
}

/** `roll [times]`, as people type it, without prefix. */
export function usageLine(command: Command): string {
  return [command.name, ...command.parameters.map(formatParameter)].join(' ')
}

function lineOf(command: Command, { prefix, locale }: HelpView): string {
  const description = describe(command.description, locale)
  const usage = `${prefix}${usageLine(command)}`
  return description === '' ? usage : `${usage}  ${description}`
}

function isShown(command: Command, { usable }: HelpView): boolean {
  return usable.has(command) && holdsUpwards(command, ({ isHidden }) => !isHidden)
}

/** Commands on one page of the list. */
const pageSize = 20

/**
 * The list of commands, sub-commands under their parents, in pages.
 *
 * @param page - From 1; what is out of range is the nearest page.
 */
export function helpOverview(view: HelpView, page = 1): string {
  const { prefix, translate } = view
  const shown = Array.from(view.commands)
    .filter((command) => isShown(command, view))
    .sort((a, b) => a.name.localeCompare(b.name))
  const pages = Math.max(1, Math.ceil(shown.length / pageSize))
  const current = Math.min(Math.max(1, page), pages)
  const lines = [translate('help.title')]
  for (const command of shown.slice((current - 1) * pageSize, current * pageSize)) {
    const depth = command.name.split(' ').length - 1
    lines.push(`${'  '.repeat(depth + 1)}${lineOf(command, view)}`)
  }
  if (pages > 1) {
    const next = `${prefix}help ${current < pages ? current + 1 : 1}`
    lines.push(translate('help.page', { page: String(current), pages: String(pages), usage: next }))
  }
  lines.push(translate('help.more', { usage: `${prefix}help <command>` }))
  return lines.join('\n')
}

/** Everything about one command. */
export function helpOf(command: Command, view: HelpView): string {
  const { commands, prefix, locale, translate } = view
  const lines = [lineOf(command, view)]
  if (command.usage !== undefined) lines.push(describe(command.usage, locale))
  const phrases = commands.shortcuts.phrasesOf(command).map((phrase) => `"${phrase}"`)
  const aliases = [...commands.aliasesOf(command), ...phrases]
  if (aliases.length > 0) lines.push(translate('help.aliases', { aliases: aliases.join(', ') }))
  if (command.options.length > 0) {
    lines.push(translate('help.options'), ...command.options.map((option) => optionLine(option, locale)))
  }
  const children = commands.children(command).filter((child) => isShown(child, view))
  if (children.length > 0) {
    lines.push(translate('help.subcommands'), ...children.map((child) => `  ${lineOf(child, view)}`))
  }
  if (command.examples.length > 0) {
    lines.push(translate('help.examples'), ...command.examples.map((example) => `  ${prefix}${example}`))
  }
  return lines.join('\n')
}

function optionLine({ name, aliases, parameter, description }: OptionSpec, locale: string): string {
  const names = [...aliases.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`)), `--${name}`]
  const value = parameter === undefined ? '' : ` ${formatParameter(parameter)}`
  const about = describe(description, locale)
  return `  ${names.join(', ')}${value}${about === '' ? '' : `  ${about}`}`
}
