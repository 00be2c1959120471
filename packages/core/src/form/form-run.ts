import { randomUUID } from 'node:crypto'

import { MynahError } from '../errors/mynah-error.ts'
import { UserError } from '../errors/user-error.ts'
import type { Incoming, PromptAttempt } from '../event/incoming.ts'
import { buttonMark } from '../event/prompt-scope.ts'
import { failureKey } from '../i18n/failure-key.ts'
import type { FrameworkKey } from '../i18n/locales/keys.ts'
import type { Translate } from '../i18n/texts.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Content } from '../message/element.ts'
import { isSilent } from '../message/silent.ts'
import type { ChatEvent } from '../model/event.ts'
import { failedReceipt, type Receipt } from '../model/receipt.ts'
import { acknowledge, type Asking, isCancelled, isOwnPress, layOut, readAnswer } from '../prompt/asking.ts'
import { PromptError } from '../prompt/prompt-error.ts'
import { PromptWait } from '../prompt/prompt-wait.ts'
import type { Question } from '../prompt/questions.ts'
import { sendReply, Session } from '../session/session.ts'
import type { Answers, DeclaredForm } from './declared-form.ts'
import type { FormHost } from './form-host.ts'
import { firstState, type FormState, later, plainAnswer } from './form-state.ts'

/** What is answered, in whose name: an event of the person, or nothing but time. */
interface Replying {
  readonly scope: Scope
  readonly incoming?: Incoming
}

/** One form that one person fills in. Between two answers nothing of it runs: what it is stands in its state. */
export class FormRun implements PromptAttempt {
  readonly #host: FormHost
  readonly #turn: PromptWait<void> | undefined
  #state: FormState
  #leave: (() => void) | undefined
  /** The question is out, and the next message is the answer. */
  #isOpen = false
  #isEnded = false
  /** What is kept for the person there is of this form, and not of one that stands in front. */
  #isKept = false
  #cancelTimer: (() => void) | undefined

  private constructor(host: FormHost, state: FormState, turn?: PromptWait<void>) {
    this.#host = host
    this.#state = state
    this.#turn = turn
  }

  /**
   * Asks the first question once nobody else asks the person.
   *
   * @throws MynahError `FORM_INVALID`, `PLUGIN_STOPPED` when the plugin stops before, or why it could not be sent.
   */
  static async begin(host: FormHost, form: DeclaredForm, incoming: Incoming, known: Answers): Promise<void> {
    const turn = new PromptWait<void>(incoming)
    const run = new FormRun(host, firstState(form, incoming.event, known), turn)
    run.#leave = host.parts.prompts.enter(incoming.event, 'user', run)
    const stop = (): void => run.#stopTurn()
    const { signal } = form.scope
    signal.addEventListener('abort', stop, { once: true })
    try {
      await turn.settled().finally(() => signal.removeEventListener('abort', stop))
      await run.#askNext(form, incoming)
    } catch (error) {
      await run.#close()
      throw error
    }
  }

  /** Goes on with a form that another process has left. */
  static goOn(host: FormHost, state: FormState): void {
    const run = new FormRun(host, state)
    run.#leave = host.parts.prompts.enter(state.latest, 'user', run)
    run.#isKept = true
    run.#wait()
  }

  /** Name of the plugin that asks. */
  get plugin(): string {
    return this.#state.plugin
  }

  /** The questions that were asked before are done. */
  begin(): void {
    this.#turn?.resolve()
  }

  /** Takes an answer, if it is one. */
  offer(event: ChatEvent): boolean {
    if (!this.#isOpen) return false
    const { latest, buttonPrefix } = this.#state
    const isPress = event.type === 'interaction/button'
    if (isPress && !isOwnPress(event, { event: latest, by: 'user', buttonPrefix })) return false
    this.#isOpen = false
    this.#cancelTimer?.()
    return true
  }

  /** The app stops; what is kept of the form goes on in the next one. */
  end(): void {
    this.#isEnded = true
    this.#isOpen = false
    this.#cancelTimer?.()
    this.#stopTurn()
    this.#leaveLine()
  }

  #stopTurn(): void {
    if (this.#turn?.isSettled !== false) return
    this.#turn.reject(new PromptError('PLUGIN_STOPPED', `${this.plugin} stopped before it could ask.`))
  }

  /** Works on the answer. Never rejects. */
  async take(incoming: Incoming): Promise<void> {
    const form = await this.#host.find(this.#state)
    if (form === undefined || form.shape !== this.#state.shape) {
      await this.#tell('form.gone', { scope: this.#host.parts.root, incoming })
      return
    }
    const { scope, name } = form
    incoming.begin('form', name, scope)
    scope.enter()
    try {
      await this.#answered(form, incoming)
    } catch (error) {
      await this.#failed(error, `form ${name}`, { scope, incoming })
    } finally {
      scope.leave()
    }
  }

  async #answered(form: DeclaredForm, incoming: Incoming): Promise<void> {
    const { scope, name } = form
    const { event } = incoming
    const { step, buttonPrefix, answers, retriesLeft, isAsked, latest } = this.#state
    // What came before a crash may come again after it: it has led to this very question.
    if (event.redelivered === true && event.id === latest.id && isAsked) return this.#wait()
    this.#state = { ...this.#state, latest: later(latest, event) }
    const question = this.#questionOf(form, step)
    if (question === undefined) return this.#tell('form.gone', { scope, incoming })
    // The bot was killed before it knew that the question is out: what was said may answer the one before.
    if (!isAsked) return this.#ask(form, step, question, incoming)
    const answer = readAnswer(event, buttonPrefix)
    if (answer.pressed !== undefined) await acknowledge(incoming.bot, event, scope)
    const { cancelWords = form.options.cancelWords } = question.options
    if (isCancelled(answer, cancelWords, this.#translate))
      return this.#tell('prompt.cancelled', { scope, incoming })
    let value: unknown
    try {
      value = await question.read(answer, this.#translate)
    } catch (error) {
      if (!UserError.is(error) || retriesLeft <= 0) throw error
      await this.#put(
        form,
        { ...this.#state, retriesLeft: retriesLeft - 1 },
        question,
        error.message,
        incoming,
      )
      return
    }
    this.#state = { ...this.#state, answers: { ...answers, [step]: plainAnswer(name, step, value) } }
    await this.#askNext(form, incoming)
  }

  /** Asks what comes behind the step that it stands at; without a question left the form is complete. */
  async #askNext(form: DeclaredForm, incoming: Incoming): Promise<void> {
    const { step, answers } = this.#state
    const done = form.steps.findIndex(({ name }) => name === step)
    for (const { name } of form.steps.slice(done + 1)) {
      if (Object.hasOwn(answers, name)) continue
      const question = this.#questionOf(form, name)
      if (question !== undefined) return this.#ask(form, name, question, incoming)
    }
    await this.#complete(form, incoming)
  }

  async #complete(form: DeclaredForm, incoming: Incoming): Promise<void> {
    const { latest, answers } = this.#state
    // First, so that no crash lets it happen twice.
    await this.#close()
    const { user, channel, guild } = latest
    const event = { ...incoming.event, user, channel, ...(guild === undefined ? {} : { guild }) }
    const { scope } = form
    const content = await form.complete(answers, new Session(incoming, scope, event))
    if (isSilent(content)) return
    incoming.outcome.taken(content, this.plugin)
    await this.#reply(content ?? '', { scope, incoming })
  }

  #questionOf(form: DeclaredForm, step: string): Question<unknown> | undefined {
    const { answers, latest } = this.#state
    const locale = this.#host.parts.texts.locales.of(latest)
    return form.steps.find(({ name }) => name === step)?.question(answers, locale)
  }

  #ask(form: DeclaredForm, step: string, question: Question<unknown>, incoming: Incoming): Promise<void> {
    const buttonPrefix = `${buttonMark}${randomUUID()}:`
    const retriesLeft = question.options.retries ?? form.options.retries ?? 2
    const asking: Asking = { bot: incoming.bot, event: this.#state.latest, by: 'user', buttonPrefix }
    const content = layOut(question, asking, this.#translate)
    return this.#put(form, { ...this.#state, step, buttonPrefix, retriesLeft }, question, content, incoming)
  }

  /** Keeps where the form stands, then sends a question: nobody answers one that the next process does not know. */
  async #put(
    { scope, options }: DeclaredForm,
    state: FormState,
    question: Question<unknown>,
    content: Content,
    incoming: Incoming,
  ): Promise<void> {
    const timeoutMs = question.options.timeoutMs ?? options.timeoutMs ?? 60_000
    this.#state = { ...state, until: this.#host.parts.clock.now() + timeoutMs, isAsked: false }
    this.#isKept = true
    await this.#host.keep(this.#state)
    this.#state = { ...this.#state, isAsked: true }
    // Open before it is sent: people may be faster than the platform's word that the question is out.
    this.#wait()
    const receipt = await this.#reply(content, { scope, incoming })
    if (receipt.status === 'failed') throw MynahError.from(receipt.error, 'SEND_FAILED')
    void this.#host.keep(this.#state)
  }

  #wait(): void {
    if (this.#isEnded) return
    this.#isOpen = true
    const { clock, root } = this.#host.parts
    const leftMs = Math.max(0, this.#state.until - clock.now())
    this.#cancelTimer = clock.setTimeout(() => {
      void root.run(() => this.#expire(), undefined, `the end of form ${this.#state.form}`)
    }, leftMs)
  }

  async #expire(): Promise<void> {
    this.#isOpen = false
    await this.#tell('prompt.timed-out', { scope: this.#host.parts.root })
  }

  /** Ends the form and tells the person why. */
  async #tell(key: FrameworkKey, replying: Replying): Promise<void> {
    await this.#close()
    const content = this.#translate(key)
    replying.incoming?.outcome.taken(content, this.plugin)
    await this.#reply(content, replying)
  }

  async #failed(error: unknown, where: string, { scope, incoming }: Required<Replying>): Promise<void> {
    if (PromptError.is(error)) return this.#tell(error.textKey, { scope, incoming })
    if (!UserError.is(error)) {
      incoming.failed(error, where, scope)
      scope.fail(error, where)
      await this.#tell(failureKey(error), { scope, incoming })
      return
    }
    await this.#close()
    incoming.outcome.taken(error.message, this.plugin)
    await this.#reply(error.message, { scope, incoming })
  }

  async #close(): Promise<void> {
    this.#isOpen = false
    this.#cancelTimer?.()
    this.#leaveLine()
    if (!this.#isKept) return
    this.#isKept = false
    await this.#host.forget(this.#state)
  }

  #leaveLine(): void {
    this.#leave?.()
    this.#leave = undefined
  }

  /** Never rejects. */
  #reply(content: Content, { scope, incoming }: Replying): Promise<Receipt> {
    const { latest } = this.#state
    const bot = incoming?.bot ?? this.#host.parts.bots.get(`${latest.platform}:${latest.selfId}`)
    if (bot === undefined) {
      return Promise.resolve(failedReceipt(new MynahError('BOT_OFFLINE', `${latest.selfId} has gone.`)))
    }
    const answered = { bot, trace: incoming?.trace, latest: incoming?.latest ?? latest }
    return sendReply(answered, scope, latest.channel.id, content)
  }

  readonly #translate: Translate = (key, values) =>
    this.#host.parts.texts.translateFor(this.#state.latest, key, values)
}
