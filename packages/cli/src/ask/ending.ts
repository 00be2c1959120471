import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { userInfo } from 'node:os'

import { ControlError } from '@mynah/control'
import { RemoteControl } from '@mynah/control/client'

import { isAlive } from '../process/alive.ts'
import type { Texts } from '../texts/texts.ts'
import { formatDuration } from '../texts/duration.ts'

/** How often is looked, in ms. */
const lookMs = 50
/** How long a stop may take, in ms: longer than a bot gives itself. */
const stopLimitMs = 15_000
/** How long a bot may take until it is back, in ms. */
const backLimitMs = 90_000

/** Who asks, for the log of the bot. */
export function whoAsks(command: string): string {
  return `${command} (${userInfo().username})`
}

/** Waits until a process has ended. @throws ControlError `CONTROL_FAILED` when it does not. */
export async function ended(pid: number, texts: Texts): Promise<void> {
  const giveUpAt = performance.now() + stopLimitMs
  while (isAlive(pid)) {
    if (performance.now() > giveUpAt)
      throw new ControlError(
        'CONTROL_FAILED',
        texts.stillRuns(pid, formatDuration(stopLimitMs, texts.locale)),
      )
    await sleep(lookMs)
  }
}

/**
 * Waits until the bot of a folder runs in another process.
 *
 * @returns The new process.
 * @throws ControlError `CONTROL_FAILED` when it does not.
 */
export async function back(cwd: string, before: number, texts: Texts): Promise<number> {
  const giveUpAt = performance.now() + backLimitMs
  while (performance.now() < giveUpAt) {
    const pid = await RemoteControl.open(resolve(cwd)).then(
      (control) => control.pid,
      () => undefined,
    )
    if (pid !== undefined && pid !== before) return pid
    await sleep(lookMs)
  }
  throw new ControlError('CONTROL_FAILED', texts.notBack(formatDuration(backLimitMs, texts.locale)))
}
