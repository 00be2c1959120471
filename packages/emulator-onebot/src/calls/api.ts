import { StreamAnswer, type ActionContext } from './action.ts'
import { emptyAnswer } from '../endpoints/messages.ts'
import { actionsOf } from '../endpoints/registry.ts'
import { failed, streamFrame, succeeded } from './envelope.ts'
import { ApiRefusal } from './refusal.ts'
import { Params } from './params.ts'
import type { Profile } from '../wire/profile.ts'
import type { Envelope, Via } from '../wire/wire.ts'

/** The frames that answer one call, mostly one {@link Envelope}; streams have more, and `{}` is possible. */
export type Answer = readonly (Envelope | Record<string, unknown>)[]

/** Carries out calls: finds the action, runs it, puts the result into the profile's envelope. */
export class Api {
  readonly #profile: Profile
  readonly #actions: ReturnType<typeof actionsOf>
  readonly #context: (via: Via) => ActionContext

  constructor(profile: Profile, context: (via: Via) => ActionContext) {
    this.#profile = profile
    this.#actions = actionsOf(profile)
    this.#context = context
  }

  /** Names of the known actions. */
  get supported(): string[] {
    return [...this.#actions.keys()]
  }

  /** Runs an action on behalf of another. @throws ApiRefusal */
  run(action: string, params: Readonly<Record<string, unknown>>, via: Via): unknown {
    const known = this.#actions.get(action) ?? this.#actions.get(this.#withoutSuffix(action))
    if (known === undefined) {
      const text = this.#profile.letter === 'G' ? {} : { text: `不支持的API ${action}` }
      throw new ApiRefusal('API_NOT_FOUND', { kind: 'unknownAction', ...text })
    }
    return known.run(new Params(params, this.#profile), this.#context(via))
  }

  async answer(action: string, params: Readonly<Record<string, unknown>>, via: Via): Promise<Answer> {
    try {
      const result = await this.run(action, params, via)
      if (result === emptyAnswer) return [{}]
      if (result instanceof StreamAnswer) return [...result.frames].map(streamFrame)
      return [succeeded(this.#profile, result)]
    } catch (error) {
      // Whatever goes wrong in a handler is answered, as on the real ones.
      const text = error instanceof Error ? error.message : String(error)
      const refusal = error instanceof ApiRefusal ? error : new ApiRefusal(undefined, { text })
      return [failed(this.#profile, refusal, via)]
    }
  }

  // go-cqhttp takes the suffix off and runs the action as usual.
  #withoutSuffix(action: string): string {
    return this.#profile.letter === 'G' ? action.replace(/_async$/, '') : action
  }
}
