import { MynahError } from '../errors/mynah-error.ts'
import type { Incoming } from '../event/incoming.ts'
import type { Form } from '../prompt/form.ts'
import type { KeptMap } from '../storage/kept-map.ts'
import type { Answers, DeclaredForm } from './declared-form.ts'
import type { FormHost, FormParts } from './form-host.ts'
import { FormRun } from './form-run.ts'
import { type FormState, keyOf, readState } from './form-state.ts'

/** Which forms plugins have declared, and which are open. */
export class FormTable implements FormHost {
  readonly parts: FormParts
  /** The open forms as data. */
  readonly open: KeptMap<FormState>
  readonly #declared = new Map<string, DeclaredForm>()
  /** Keys of those that this process asks. */
  readonly #asked = new Set<string>()

  constructor(parts: FormParts) {
    this.parts = parts
    this.open = parts.memory.map('forms', readState, () => this.#restore())
  }

  /** Whether somebody has declared one. */
  get isUsed(): boolean {
    return this.#declared.size > 0
  }

  /** @throws MynahError `FORM_INVALID` for a form without steps, and for a second one of a name. */
  declare(form: DeclaredForm): Form<object> {
    const { scope, name, steps } = form
    const key = formKey(scope.name, name)
    if (steps.length === 0) throw new MynahError('FORM_INVALID', `${name} has no step; add one by step().`)
    if (this.#declared.has(key)) {
      throw new MynahError('FORM_INVALID', `${scope.name} has declared a form "${name}" already.`)
    }
    this.#declared.set(key, form)
    scope.own('form', name, () => void this.#declared.delete(key))
    this.parts.onDeclared()
    return {
      name,
      begin: (incoming: Incoming, known: Answers) => FormRun.begin(this, form, incoming, known),
    }
  }

  async find({ plugin, form }: FormState): Promise<DeclaredForm | undefined> {
    const key = formKey(plugin, form)
    if (!this.#declared.has(key)) await this.parts.settled()
    return this.#declared.get(key)
  }

  async keep(state: FormState): Promise<void> {
    const key = keyOf(state)
    this.#asked.add(key)
    const expiresIn = Math.max(1, state.until - this.parts.clock.now())
    await this.open.behind(this.open.set(key, state, { expiresIn }))
  }

  async forget(state: FormState): Promise<void> {
    const key = keyOf(state)
    if (this.#asked.delete(key)) await this.open.behind(this.open.delete(key))
  }

  /** Goes on with the forms that another process has left. */
  #restore(): void {
    const now = this.parts.clock.now()
    for (const [key, state] of Array.from(this.open.entries())) {
      if (this.#asked.has(key)) continue
      this.#asked.add(key)
      if (state.until > now) FormRun.goOn(this, state)
      else void this.forget(state)
    }
  }
}

function formKey(plugin: string, form: string): string {
  return `${plugin}\n${form}`
}
