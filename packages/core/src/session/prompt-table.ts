import type { ChatEvent } from '../model/event.ts'

/** Whose next message answers a prompt. */
export type PromptScope = 'user' | 'conversation'

/** Takes a message that answers a prompt. */
export type PromptAnswer = (event: ChatEvent) => void

/** Who is being asked something. A newer prompt in the same place waits behind the older. */
export class PromptTable {
  readonly #waiting = new Map<string, PromptAnswer[]>()

  /** Waits for the next message of that place; the result stops waiting. */
  add(event: ChatEvent, scope: PromptScope, answer: PromptAnswer): () => void {
    const key = promptKey(event, scope)
    this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), answer])
    return () => {
      const rest = this.#waiting.get(key)?.filter((other) => other !== answer) ?? []
      if (rest.length > 0) this.#waiting.set(key, rest)
      else this.#waiting.delete(key)
    }
  }

  /** Hands a message to the prompt that waits for it; tells whether there was one. */
  offer(event: ChatEvent): boolean {
    if (this.#waiting.size === 0) return false
    const answers =
      this.#waiting.get(promptKey(event, 'user')) ?? this.#waiting.get(promptKey(event, 'conversation'))
    const answer = answers?.[0]
    answer?.(event)
    return answer !== undefined
  }
}

function promptKey(event: ChatEvent, scope: PromptScope): string {
  const user = scope === 'user' ? (event.user?.id ?? '') : '*'
  return JSON.stringify([event.platform, event.selfId, event.channel?.id ?? '', user])
}
