import type { BotRegistry } from '../bot/bot-registry.ts'
import type { PromptLines } from '../event/incoming.ts'
import type { Texts } from '../i18n/texts.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Clock } from '../shared/clock.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import type { DeclaredForm } from './declared-form.ts'
import type { FormState } from './form-state.ts'

/** What forms work with. */
export interface FormParts {
  readonly clock: Clock
  readonly memory: MemorySource
  readonly texts: Texts
  readonly bots: BotRegistry
  readonly prompts: PromptLines
  /** In whose name nobody else can answer. */
  readonly root: Scope
  /** Resolves when no plugin starts or stops. */
  readonly settled: () => Promise<void>
  /** There is a form now, so what is stored of open ones is wanted. */
  readonly onDeclared: () => void
}

/** What an open form needs of the others. */
export interface FormHost {
  readonly parts: FormParts
  /** The declaration of an open form; waits for plugins that start. */
  find(state: FormState): Promise<DeclaredForm | undefined>
  /** Keeps where a form stands. Never rejects. */
  keep(state: FormState): Promise<void>
  /** A form has ended. Never rejects. */
  forget(state: FormState): Promise<void>
}
