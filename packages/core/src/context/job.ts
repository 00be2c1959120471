import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Clock } from '../shared/clock.ts'
import { ClockShift } from '../shared/clock-shift.ts'
import { readSchedule, type Schedule } from './schedule.ts'

/** How a job is run. */
export interface CronOptions {
  /** IANA time zone, such as `Asia/Shanghai`. @defaultValue the zone of the machine */
  readonly timezone?: string
  /** What happens when a run is due while the last one is still going. @defaultValue 'skip' */
  readonly overlap?: 'skip' | 'allow'
  /** Name in the ledger and in reports. @defaultValue the pattern */
  readonly name?: string
}

/** A job that runs by the clock. */
export interface Job {
  /** When it runs next; `undefined` when it never will again. */
  nextRun(): Date | undefined
  /** Ends it; a run that is going on is not cut short. */
  stop(): void
}

/** The time on the wall is looked at so often, in ms: somebody may have set it. */
const longestNap = 2 ** 30

/**
 * How long to sleep before the clock is looked at again. Naps are powers of two: Node keeps an entry for each
 * length a timer ever had, and jobs would have a new one each day. After a machine has slept, the time on the
 * wall counts soon again.
 */
function nap(leftMs: number): number {
  return Math.min(2 ** Math.floor(Math.log2(Math.max(1, leftMs))), longestNap)
}

/**
 * Runs a job at the times of its pattern for as long as the scope lives. A run that is late because the
 * machine slept is made up for once.
 *
 * @throws MynahError `CONFIG_INVALID` when the pattern or the time zone cannot be read.
 */
export function startJob(
  scope: Scope,
  clock: Clock,
  pattern: string,
  job: () => unknown,
  options: CronOptions,
): Job {
  const { overlap = 'skip', name = pattern } = options
  const schedule = readPattern(pattern, name, options.timezone)
  const findNext = (): Date | undefined => schedule.next(new Date(clock.now()))
  const shift = new ClockShift(clock)
  let next = findNext()
  if (next === undefined) scope.fail(neverRuns(name, pattern), `job ${name}`)
  let lastRun: Date | undefined
  let running = 0
  let cancel = (): void => {}
  const dispose = scope.own('job', name, () => {
    next = undefined
    cancel()
  })
  const wait = (): void => {
    if (next === undefined) return void dispose()
    cancel = clock.setTimeout(wake, nap(next.getTime() - clock.now()))
  }
  const wake = (): void => {
    if (next !== undefined && standsStill(shift.takeMs(), lastRun, next)) next = findNext()
    const isDue = next !== undefined && next.getTime() <= clock.now()
    if (isDue) {
      lastRun = next
      next = findNext()
    }
    wait()
    if (!isDue || scope.isPaused || (overlap === 'skip' && running > 0)) return
    running += 1
    const ended = scope.run(job, undefined, `job ${name}`)
    if (ended === undefined) running -= 1
    else void ended.then(() => (running -= 1))
  }
  wait()
  return { nextRun: () => next, stop: () => void dispose() }
}

/**
 * Whether a job would wait for longer than from one run to the next because the clock was set back. One that
 * would not is left alone, so that a daily job does not run twice.
 */
function standsStill(backMs: number, lastRun: Date | undefined, next: Date): boolean {
  return backMs > 0 && (lastRun === undefined || backMs >= next.getTime() - lastRun.getTime())
}

function neverRuns(name: string, pattern: string): MynahError {
  return new MynahError(
    'CONFIG_INVALID',
    `The job "${name}" never runs: "${pattern}" names no time that is still to come.`,
  )
}

function readPattern(pattern: string, name: string, timezone: string | undefined): Schedule {
  try {
    return readSchedule(pattern, timezone)
  } catch (error) {
    throw new MynahError(
      'CONFIG_INVALID',
      `The job "${name}" has a pattern or time zone that cannot be read.`,
      { cause: error },
    )
  }
}
