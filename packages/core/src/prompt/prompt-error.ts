import { MynahError } from '../errors/mynah-error.ts'
import type { FrameworkKey } from '../i18n/locales/keys.ts'
import { hasBrand } from '../shared/brand.ts'

const brand = Symbol.for('mynah.prompt-error')

type PromptEnding = 'PROMPT_TIMEOUT' | 'PROMPT_CANCELLED' | 'PLUGIN_STOPPED'

const endings: Readonly<Record<PromptEnding, FrameworkKey>> = {
  PROMPT_TIMEOUT: 'prompt.timed-out',
  PROMPT_CANCELLED: 'prompt.cancelled',
  PLUGIN_STOPPED: 'prompt.stopped',
}

/** A question ended without an answer. Handlers may let it pass: it is nobody's fault and is not logged as one. */
export class PromptError extends MynahError {
  /** Tells it from other errors in a log. */
  override readonly name: string = 'PromptError'
  /** What the person is told when a command lets it pass. */
  readonly textKey: FrameworkKey

  constructor(code: PromptEnding, detail: string) {
    super(code, detail)
    this.textKey = endings[code]
    Object.defineProperty(this, brand, { value: true })
  }

  /** Recognises errors of any copy of this package. */
  static override is(error: unknown): error is PromptError {
    return hasBrand(error, brand)
  }
}
