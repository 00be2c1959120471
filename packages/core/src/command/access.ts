import type { Bot } from '../bot/bot.ts'
import { concerns } from '../lifecycle/scope.ts'
import type { ChatEvent } from '../model/event.ts'
import type { PermissionTable } from '../permission/permission.ts'
import { type Command, holdsUpwards } from './command.ts'

/** Whether a command exists where an event happened. */
export function isHere(command: Command, event: ChatEvent): boolean {
  const { scope, name } = command
  return holdsUpwards(command, ({ when }) => concerns(scope, when, event, `command ${name}`))
}

/** Whether not everybody may use a command. */
export function isRestricted(command: Command): boolean {
  return !holdsUpwards(command, ({ permission }) => permission === undefined)
}

/** Whether the person behind an event may use a command: what it asks for, and all commands above it. */
export async function isPermitted(
  command: Command,
  event: ChatEvent,
  bot: Bot,
  permissions: PermissionTable,
): Promise<boolean> {
  for (let one: Command | undefined = command; one !== undefined; one = one.parent) {
    if (one.permission === undefined) continue
    if (!(await permissions.check(one.permission, event, bot))) return false
  }
  return true
}

/** Those commands that exist here and that the person may use. A permission that fails is reported. */
export async function usableCommands(
  commands: Iterable<Command>,
  event: ChatEvent,
  bot: Bot,
  permissions: PermissionTable,
): Promise<Set<Command>> {
  const usable = new Set<Command>()
  for (const command of commands) {
    if (!isHere(command, event)) continue
    try {
      if (!isRestricted(command) || (await isPermitted(command, event, bot, permissions))) usable.add(command)
    } catch (error) {
      command.scope.fail(error, `permission of command ${command.name}`)
    }
  }
  return usable
}
