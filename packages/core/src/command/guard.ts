import type { Bot } from '../bot/bot.ts'
import type { ChatEvent } from '../model/event.ts'
import type { PermissionTable } from '../permission/permission.ts'
import type { CommandGuard } from './command.ts'
import type { Limit } from './limit.ts'

/** A use that was let in. */
export interface GuardPass {
  readonly kind: 'in'
  /** The use is over. @param wasRefused - It is not counted then. */
  leave(wasRefused: boolean): void
}

/** Why a use was not let in. */
export type GuardRefusal =
  | { readonly kind: 'limit'; readonly limit: Limit; readonly waitMs: number }
  | { readonly kind: 'busy'; readonly isSilent: boolean }

/** Counts a use of a command and waits for its turn, or says why not. */
export async function passGuard(
  { limits, queue }: CommandGuard,
  event: ChatEvent,
  bot: Bot,
  permissions: PermissionTable,
): Promise<GuardPass | GuardRefusal> {
  const counted: Limit[] = []
  for (const limit of limits) {
    const { exempt } = limit.options
    if (exempt !== undefined && (await permissions.check(exempt, event, bot))) continue
    counted.push(limit)
    const recalling = limit.recall(event)
    if (recalling !== undefined) await recalling
  }
  const tooEarly = refusalOf(counted, event)
  if (tooEarly !== undefined) return tooEarly
  const turn = queue?.enter(event)
  if (turn === false) return { kind: 'busy', isSilent: queue?.whenBusy === 'drop' }
  if (turn !== undefined) await turn
  // Others may have used it while this one waited.
  const usedUp = refusalOf(counted, event)
  if (usedUp !== undefined) {
    queue?.leave(event)
    return usedUp
  }
  const giveBack = counted.map((limit) => limit.take(event))
  return {
    kind: 'in',
    leave: (wasRefused) => {
      if (wasRefused) for (const undo of giveBack) undo()
      queue?.leave(event)
    },
  }
}

function refusalOf(limits: readonly Limit[], event: ChatEvent): GuardRefusal | undefined {
  let longest: GuardRefusal | undefined
  let longestMs = 0
  for (const limit of limits) {
    const waitMs = limit.waitMs(event)
    if (waitMs > longestMs) {
      longestMs = waitMs
      longest = { kind: 'limit', limit, waitMs }
    }
  }
  return longest
}
