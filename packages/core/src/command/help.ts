import type { Command } from './command.ts'
import { formatParameter } from './grammar.ts'
import type { CommandRegistry } from './registry.ts'

/** Looks up one of the framework's texts. */
export type Translate = (key: string, values?: Readonly<Record<string, string>>) => string

/** `roll [times]`, as people type it, without prefix. */
export function usageLine(command: Command): string {
  return [command.name, ...command.parameters.map(formatParameter)].join(' ')
}

function line(command: Command, prefix: string): string {
  const usage = `${prefix}${usageLine(command)}`
  return command.description === '' ? usage : `${usage}  ${command.description}`
}

/** The list of commands, sub-commands under their parents. */
export function helpOverview(registry: CommandRegistry, prefix: string, translate: Translate): string {
  const lines = [translate('help.title')]
  for (const command of Array.from(registry).sort((a, b) => a.name.localeCompare(b.name))) {
    if (command.isHidden) continue
    const depth = command.name.split(' ').length - 1
    lines.push(`${'  '.repeat(depth + 1)}${line(command, prefix)}`)
  }
  lines.push(translate('help.more', { usage: `${prefix}help <command>` }))
  return lines.join('\n')
}

/** Everything about one command. */
export function helpOf(
  registry: CommandRegistry,
  command: Command,
  prefix: string,
  translate: Translate,
): string {
  const lines = [line(command, prefix)]
  if (command.usage !== undefined) lines.push(command.usage)
  const aliases = registry.aliasesOf(command)
  if (aliases.length > 0) lines.push(translate('help.aliases', { aliases: aliases.join(', ') }))
  if (command.options.length > 0) {
    lines.push(translate('help.options'))
    for (const { name, aliases: short, parameter, description } of command.options) {
      const names = [
        ...short.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`)),
        `--${name}`,
      ].join(', ')
      const value = parameter === undefined ? '' : ` ${formatParameter(parameter)}`
      lines.push(`  ${names}${value}${description === '' ? '' : `  ${description}`}`)
    }
  }
  const children = registry.children(command).filter((child) => !child.isHidden)
  if (children.length > 0) {
    lines.push(translate('help.subcommands'), ...children.map((child) => `  ${line(child, prefix)}`))
  }
  if (command.examples.length > 0) {
    lines.push(translate('help.examples'), ...command.examples.map((example) => `  ${prefix}${example}`))
  }
  return lines.join('\n')
}
