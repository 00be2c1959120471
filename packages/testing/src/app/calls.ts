import { type Bot, type BotFeature, MynahError, type Receipt } from '@mynah/core'
import type { OutgoingMessage } from '@mynah/core/adapter'

import { Mailbox } from '@mynah/core/testing'

/** What a method of a bot is called with. */
export type CallArguments<K extends BotFeature> = Parameters<Bot[K]>

/** What a method of a bot answers. */
export type CallResult<K extends BotFeature> = Awaited<ReturnType<Bot[K]>>

/** One call of a method that platforms may lack. */
export interface BotCall<K extends BotFeature = BotFeature> {
  /** Name of the method, such as `kickMember`. */
  readonly method: K
  /** What it was called with. */
  readonly args: CallArguments<K>
}

/** What a test lets a method do. */
export type CallScript<K extends BotFeature> = (
  ...args: CallArguments<K>
) => CallResult<K> | Promise<CallResult<K>>

/** What a test lets sending do; what it returns as delivered is in the chat. */
export type DeliverScript = (message: OutgoingMessage) => Receipt | Promise<Receipt>

type Scripts = { [K in BotFeature]?: CallScript<K> | undefined }

/** The calls of a bot, what they were scripted to do, and which of them are to fail. */
export class CallLog {
  readonly calls: BotCall[] = []
  readonly #unseen = new Mailbox<BotCall>(describeCall)
  readonly #scripts: Scripts = {}
  readonly #failures: { readonly method: string; readonly error: Error }[] = []
  readonly #platform: string
  readonly #lacks: ReadonlySet<string>

  /** @param lacks - Methods that the platform does not have. */
  constructor(platform: string, lacks: ReadonlySet<string>) {
    this.#platform = platform
    this.#lacks = lacks
  }

  supports(method: BotFeature): boolean {
    return !this.#lacks.has(method)
  }

  /** Lets the next call of a method fail; further calls add up. */
  failNext(method: string, error: Error): void {
    this.#failures.push({ method, error })
  }

  script<K extends BotFeature>(method: K, script: CallScript<K> | undefined): void {
    Object.assign(this.#scripts, { [method]: script })
  }

  /** @throws what {@link failNext} was given. */
  throwIfFailing(method: string): void {
    const index = this.#failures.findIndex((failure) => failure.method === method)
    const [failure] = index < 0 ? [] : this.#failures.splice(index, 1)
    if (failure !== undefined) throw failure.error
  }

  /** Notes a call and does what was scripted, or else `act`. @throws MynahError `UNSUPPORTED`. */
  async run<K extends BotFeature>(
    method: K,
    args: CallArguments<K>,
    act: () => CallResult<K> | Promise<CallResult<K>>,
  ): Promise<CallResult<K>> {
    if (!this.supports(method)) {
      throw new MynahError('UNSUPPORTED', `${this.#platform} has no ${method}, says the test.`)
    }
    const call: BotCall<K> = { method, args }
    this.calls.push(call)
    this.#unseen.push(call)
    this.throwIfFailing(method)
    const script: CallScript<K> | undefined = this.#scripts[method]
    return script === undefined ? act() : script(...args)
  }

  /**
   * Takes the first call that fits and was not taken yet.
   *
   * @param report - What else a failure tells.
   * @throws MynahError `TEST_EXPECTATION`.
   */
  async expect<K extends BotFeature>(
    method: K,
    accepts: (...args: CallArguments<K>) => boolean,
    timeoutMs: number,
    report: () => string = () => '',
  ): Promise<CallArguments<K>> {
    const isIt = (call: BotCall): call is BotCall<K> => call.method === method
    const call = await this.#unseen
      .take((candidate) => isIt(candidate) && accepts(...candidate.args), `a call of ${method}`, timeoutMs)
      .catch(() => undefined)
    if (call !== undefined && isIt(call)) return call.args
    const made = this.calls.map((other) => `\n  ${describeCall(other)}`).join('') || ' none'
    throw new MynahError(
      'TEST_EXPECTATION',
      `Expected a call of ${method} that fits within ${timeoutMs} ms; the calls were:${made}${report()}`,
    )
  }
}

function describeCall({ method, args }: BotCall): string {
  return `${method}(${args.map((argument) => JSON.stringify(argument)).join(', ')})`
}
