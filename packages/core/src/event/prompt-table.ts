import type { ChatEvent } from '../model/event.ts'
import type { PromptAttempt, PromptLines } from './incoming.ts'
import type { OpenPrompt, OpenPrompts } from './open-prompts.ts'
import { promptKey, type PromptScope } from './prompt-scope.ts'

/** Who is being asked something, and who waits to ask. Nothing stays here once it has been answered. */
export class PromptTable implements PromptLines {
  readonly #lines = new Map<string, PromptAttempt[]>()
  readonly #open: OpenPrompts
  #isClosed = false

  /** @param open - Notes which handlers wait. */
  constructor(open: OpenPrompts) {
    this.#open = open
  }

  /** Handlers that ask or wait to ask. */
  get size(): number {
    let size = 0
    for (const line of this.#lines.values()) size += line.length
    return size
  }

  enter(event: ChatEvent, by: PromptScope, attempt: PromptAttempt): () => void {
    const key = promptKey(event, by)
    const line = this.#lines.get(key) ?? []
    this.#lines.set(key, line)
    line.push(attempt)
    if (line[0] === attempt) attempt.begin()
    if (this.#isClosed) attempt.end()
    return () => this.#leave(key, line, attempt)
  }

  note(event: ChatEvent, by: PromptScope, command: string | undefined, timeoutMs: number): () => void {
    const close = this.#open.add(event, by, command, timeoutMs)
    // What ends with the app is lost.
    return () => (this.#isClosed ? undefined : close())
  }

  /** A question to the person behind an event that was lost when the bot stopped; it is given out once. */
  takeLost(event: ChatEvent): OpenPrompt | undefined {
    return this.#open.takeLost(event)
  }

  #leave(key: string, line: PromptAttempt[], attempt: PromptAttempt): void {
    const wasFirst = line[0] === attempt
    line.splice(line.indexOf(attempt), 1)
    if (line.length === 0) this.#lines.delete(key)
    else if (wasFirst && !this.#isClosed) line[0]?.begin()
  }

  /** Hands a message or a press to the question it answers. @returns Who asked; `undefined` where it answers none. */
  offer(event: ChatEvent): PromptAttempt | undefined {
    if (this.#lines.size === 0) return undefined
    // A button knows its question, and some platforms tell another channel for a press than for a message.
    if (event.type === 'interaction/button') {
      const firsts = Array.from(this.#lines.values(), ([first]) => first)
      return firsts.find((first) => first?.offer(event) === true)
    }
    return this.#answered(event, 'user') ?? this.#answered(event, 'conversation')
  }

  #answered(event: ChatEvent, by: PromptScope): PromptAttempt | undefined {
    const first = this.#lines.get(promptKey(event, by))?.[0]
    return first?.offer(event) === true ? first : undefined
  }

  /** Ends all questions, and those that are still to come. */
  close(): void {
    this.#isClosed = true
    for (const attempt of Array.from(this.#lines.values()).flat()) attempt.end()
  }
}
