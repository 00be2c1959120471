import { duration } from '../command/duration-setting.ts'
import { MynahError } from '../errors/mynah-error.ts'
import type { Dispose, Scope } from '../lifecycle/scope.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import type { Clock } from '../shared/clock.ts'
import { ClockShift } from '../shared/clock-shift.ts'
import type { Logger } from '../shared/logger.ts'
import { sleep } from '../shared/abort.ts'
import { nap } from '../shared/nap.ts'
import { JobMemory } from './job-memory.ts'
import { missedRuns } from './missed-runs.ts'
import { readSchedule, type Schedule } from './schedule.ts'

/** How a job is run. */
export interface CronOptions {
  /** IANA time zone, such as `Asia/Shanghai`. @defaultValue the zone of the machine */
  readonly timezone?: string
  /** What happens when a run is due while the last one is still going. @defaultValue 'skip' */
  readonly overlap?: 'skip' | 'allow'
  /**
   * What happens with runs that were due while the bot was not there: nothing, one run for all of them, or each of
   * them, one after the other (the latest 100). A run that was cut short by a crash counts as missed. Needs the
   * service `storage`, from `@mynah/database`.
   *
   * @defaultValue 'skip'
   */
  readonly missed?: 'skip' | 'once' | 'all'
  /** Begins each run so much later at most, as chance has it: `'5m'`, or ms. @defaultValue 0 */
  readonly jitter?: number | string
  /** Name in the ledger, in reports, and for what is remembered of it. @defaultValue the pattern */
  readonly name?: string
}

/** One run of a job. */
export interface JobRun {
  /** When it was due. */
  readonly dueAt: Date
  /** Whether the bot was not there then. */
  readonly isMissed: boolean
}

/** How a run of a job ended. */
export interface JobResult extends JobRun {
  /** How long it took, in ms. */
  readonly tookMs: number
  /** What it threw; absent when all went well. */
  readonly error?: unknown
}

/** A job that runs by the clock. */
export interface Job {
  /** When it runs next; `undefined` when it never will again. */
  nextRun(): Date | undefined
  /** How the run ended that ended last; `undefined` before the first one has. */
  lastRun(): JobResult | undefined
  /** Ends it; a run that is going on is not cut short. */
  stop(): void
}

/** What a job is made of. */
export interface JobParts {
  readonly scope: Scope
  readonly clock: Clock
  readonly logger: Logger
  readonly memory: MemorySource
  /** Resolves when all plugins have started, so that a missed run finds them. */
  readonly whenReady: Promise<void>
  readonly pattern: string
  readonly job: (run: JobRun) => unknown
  readonly options: CronOptions
}

/**
 * Runs a job at the times of its pattern for as long as the scope lives. A run that is late because the machine slept
 * is made up for once.
 */
export class ScheduledJob implements Job {
  readonly #parts: JobParts
  readonly #name: string
  readonly #memory: JobMemory
  readonly #missed: 'skip' | 'once' | 'all'
  readonly #jitterMs: number
  readonly #schedule: Schedule
  readonly #shift: ClockShift
  readonly #dispose: Dispose
  #next: Date | undefined
  /** When the latest run was due that came by the clock. */
  #lastDue: Date | undefined
  #lastRun: JobResult | undefined
  #running = 0
  #cancel = (): void => {}

  /** @throws MynahError `CONFIG_INVALID` when the pattern, the time zone or the jitter cannot be read. */
  constructor(parts: JobParts) {
    const { scope, clock, pattern, options } = parts
    const { name = pattern, timezone, jitter = 0, missed = 'skip' } = options
    this.#parts = parts
    this.#name = name
    this.#memory = new JobMemory(parts.memory, scope.name, name)
    this.#missed = missed
    this.#schedule = readPattern(pattern, name, timezone)
    this.#jitterMs = readJitter(jitter, name)
    this.#shift = new ClockShift(clock)
    this.#next = this.#findNext()
    if (this.#next === undefined && missed === 'skip') scope.fail(neverRuns(name, pattern), this.#where)
    this.#dispose = scope.own('job', name, () => {
      this.#next = undefined
      this.#cancel()
    })
    this.#wait()
    if (missed !== 'skip') void this.#makeUpLater()
  }

  nextRun(): Date | undefined {
    return this.#next
  }

  lastRun(): JobResult | undefined {
    return this.#lastRun
  }

  stop(): void {
    void this.#dispose()
  }

  get #where(): string {
    return `job ${this.#name}`
  }

  #findNext(): Date | undefined {
    return this.#schedule.next(new Date(this.#parts.clock.now()))
  }

  #wait(): void {
    const { clock } = this.#parts
    if (this.#next === undefined) return void this.#dispose()
    this.#cancel = clock.setTimeout(() => this.#wake(), nap(this.#next.getTime() - clock.now()))
  }

  #wake(): void {
    const { clock, scope } = this.#parts
    if (this.#next !== undefined && standsStill(this.#shift.takeMs(), this.#lastDue, this.#next)) {
      this.#next = this.#findNext()
    }
    const due = this.#next
    const isDue = due !== undefined && due.getTime() <= clock.now()
    if (isDue) {
      this.#lastDue = due
      this.#next = this.#findNext()
    }
    this.#wait()
    if (isDue && !scope.isPaused) void this.#begin({ dueAt: due, isMissed: false })
  }

  async #makeUpLater(): Promise<void> {
    const { scope, whenReady } = this.#parts
    await whenReady
    if (!scope.signal.aborted) await scope.run(() => this.#makeUp(), undefined, this.#where)
  }

  /** Runs what was missed while the bot was not there. */
  async #makeUp(): Promise<void> {
    const { scope, clock, logger, pattern } = this.#parts
    if (!this.#memory.isLasting) {
      logger.warn(
        `${this.#name} should make up for missed runs; install @mynah/database, so that they are known.`,
      )
    }
    const nowMs = clock.now()
    const doneMs = await this.#memory.doneMs()
    if (doneMs === undefined) {
      if (this.#next === undefined) scope.fail(neverRuns(this.#name, pattern), this.#where)
      return this.#memory.done(nowMs)
    }
    const most = this.#missed === 'once' ? 1 : mostMissed
    for (const dueAt of missedRuns(this.#schedule, doneMs, nowMs, most)) {
      if (scope.signal.aborted) return
      await this.#run({ dueAt, isMissed: true })
    }
  }

  async #begin(run: JobRun): Promise<void> {
    const { scope, clock, options } = this.#parts
    if (options.overlap !== 'allow' && this.#running > 0) return
    if (this.#jitterMs > 0) {
      this.#running += 1
      await sleep(clock, Math.random() * this.#jitterMs, scope.signal).catch(() => {})
      this.#running -= 1
      if (scope.signal.aborted) return
    }
    await this.#run(run)
  }

  /** Never rejects; a failure is reported in the name of the plugin. */
  async #run(run: JobRun): Promise<void> {
    const { scope, clock, job } = this.#parts
    const startedMs = clock.monotonic()
    let failure: { readonly error?: unknown } = {}
    const work = async (): Promise<void> => {
      try {
        await job(run)
      } catch (error) {
        failure = { error }
        throw error
      }
    }
    this.#running += 1
    await scope.run(work, undefined, this.#where)
    this.#running -= 1
    this.#lastRun = { ...run, ...failure, tookMs: clock.monotonic() - startedMs }
    if (this.#missed === 'skip') return
    await scope.run(() => this.#memory.done(run.dueAt.getTime()), undefined, this.#where)
  }
}

/** So many runs are made up for at most. */
const mostMissed = 100

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

function readJitter(jitter: number | string, name: string): number {
  const ms = duration.safeParse(jitter)
  if (ms.success) return ms.data
  throw new MynahError('CONFIG_INVALID', `The jitter of the job "${name}" is no length of time, such as 5m.`)
}
