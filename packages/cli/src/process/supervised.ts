import { isStopSignal, type StopSignal, type StopSignals } from './stop-signals.ts'
import { watchForOrphan } from './orphan-watch.ts'

/** Holds the id of the process that supervises this one. */
export const supervisorVariable = 'MYNAH_SUPERVISED'

/** The exit code by which a process says that it wants to be run again. */
export const restartExitCode = 51

/** How long a process may go on whose supervisor is gone, in ms. */
const orphanGraceMs = 3000

/** What the supervisor passes on. */
export interface StopMessage {
  /** The signal that asks to stop. */
  readonly stop: StopSignal
}

/** Tells the supervisor that the process reacts and stops by itself. */
export const stoppingMessage = 'stopping'

/** Whether this process is run by another one of `bot`. */
export function isSupervised(): boolean {
  return process.env[supervisorVariable] !== undefined
}

/** Takes signals from the supervisor, too, and ends when that is gone, even out of an endless loop. */
export function followSupervisor(signals: StopSignals, onOrphaned: () => void): void {
  const parent = Number(process.env[supervisorVariable])
  // What the bot starts itself is nobody's to supervise.
  delete process.env[supervisorVariable]
  process.on('message', (message) => {
    if (isStopMessage(message)) {
      process.send?.(stoppingMessage, () => {})
      signals.passedOn(message.stop)
    }
  })
  process.once('disconnect', onOrphaned)
  process.channel?.unref()
  watchForOrphan({ parent, grandparent: undefined }, orphanGraceMs, onOrphaned)
}

function isStopMessage(message: unknown): message is StopMessage {
  return typeof message === 'object' && message !== null && 'stop' in message && isStopSignal(message.stop)
}
