import { thrownError } from '../errors/thrown.ts'
import type { ListenerTable } from '../dispatch/listeners.ts'
import type { Scope } from '../lifecycle/scope.ts'
import { logFailure } from '../log/failure.ts'
import type { ChatEvent } from '../model/event.ts'
import { Breaker, type BreakerSettings } from '../plugin/breaker.ts'
import type { PluginInstance } from '../plugin/instance.ts'
import { PromptError } from '../prompt/prompt-error.ts'
import type { Clock } from '../shared/clock.ts'
import type { Filled } from '../shared/filled.ts'
import type { Logger } from '../shared/logger.ts'
import { Tallies } from '../shared/tallies.ts'

/** Tells the operator and the listeners of what goes wrong, and pauses plugins that fail again and again. */
export class Reports {
  readonly #logger: Logger
  readonly #listeners: ListenerTable
  readonly #tallies: Tallies
  readonly #breaker: Breaker

  constructor(clock: Clock, logger: Logger, listeners: ListenerTable) {
    this.#logger = logger
    this.#listeners = listeners
    this.#tallies = new Tallies(clock)
    this.#breaker = new Breaker({
      clock,
      onPause: ({ instance: { name }, failures, pauseMs }) => {
        logger.warn(
          { plugin: name, failures, pauseMs },
          `Plugin ${name} has failed ${failures} times in a short while; it sees nothing for the next ${pauseMs} ms`,
        )
        listeners.tell('plugin-paused', { plugin: name, failures, pauseMs })
      },
      onResume: ({ name }) => {
        logger.info({ plugin: name }, `Plugin ${name} is no longer paused; its next failure pauses it again`)
        listeners.tell('plugin-resumed', { plugin: name })
      },
    })
  }

  /** @param settings - `undefined` pauses nobody. */
  configure(settings: Filled<BreakerSettings> | undefined): void {
    this.#breaker.configure(settings)
  }

  /** Something failed in a plugin. */
  pluginFailed(error: unknown, instance: PluginInstance, where: string): void {
    this.failed(error, instance.name, where)
    this.#breaker.failed(instance, error)
  }

  /** Something failed; `plugin` is `app` where it is nobody's. */
  failed(error: unknown, plugin: string, where: string): void {
    const key = `failed ${plugin} ${where} ${thrownError(error).message.slice(0, 200)}`
    this.#tallies.add(key, (times) => logFailure(this.#logger, { error, plugin, where, times }))
    if (!PromptError.is(error)) this.#listeners.tell('plugin-error', { plugin, error, where })
  }

  /** A handler has run past its deadline. */
  overdue({ platformType, id }: ChatEvent, { name }: Scope, what: string, deadlineMs: number): void {
    this.#tallies.add(`overdue ${name} ${what}`, (times) => {
      const often = times === 1 ? '' : `, for ${times} events`
      this.#logger.warn(
        { event: platformType, id, plugin: name },
        `Plugin ${name}: ${what} has been running for more than ${deadlineMs} ms${often}`,
      )
    })
  }

  /** Events of an account were lost on their way in. */
  refused(bot: string, reason: string, count: number): void {
    this.#listeners.tell('events-refused', { bot, reason, count })
    this.#tallies.add(
      `refused ${bot} ${reason}`,
      (times) => {
        const what = times === 1 ? '1 event was' : `${times} events were`
        this.#logger.error({ bot, count: times }, `${what} not handled: ${reason}`)
      },
      count,
    )
  }

  /** Tells what has not been told yet, and leaves no timer. */
  stop(): void {
    this.#tallies.stop()
  }
}
