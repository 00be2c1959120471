import { randomUUID } from 'node:crypto'

import { z } from 'zod'

import type { ChatEvent } from '../model/event.ts'
import type { Clock } from '../shared/clock.ts'
import type { KeptMap } from '../storage/kept-map.ts'
import type { MemorySource } from '../storage/memory-source.ts'
import { promptKey, type PromptScope } from './prompt-scope.ts'

/** A question that a handler waits with, as far as the next process has to know of it. */
export interface OpenPrompt {
  /** The process that asks. */
  readonly run: string
  /** The command that asks. */
  readonly command?: string | undefined
  /** How long it waits, in ms since 1970. */
  readonly until: number
}

const schema: z.ZodType<OpenPrompt> = z.object({
  run: z.string(),
  command: z.string().optional(),
  until: z.number(),
})

/**
 * Notes which people handlers wait for. What they wait with is lost when the bot stops: the next process finds the note,
 * and can tell the person.
 */
export class OpenPrompts {
  readonly #memory: MemorySource
  readonly #clock: Clock
  readonly #notes: KeptMap<OpenPrompt>
  /** Tells the notes of this process from those that another one left. */
  readonly #run = randomUUID()

  constructor(memory: MemorySource, clock: Clock) {
    this.#memory = memory
    this.#clock = clock
    this.#notes = memory.map('prompts', (stored) => schema.safeParse(stored).data)
  }

  /**
   * A handler waits for an answer.
   *
   * @param command - The command that asks.
   * @returns It waits no more.
   */
  add(event: ChatEvent, by: PromptScope, command: string | undefined, timeoutMs: number): () => void {
    if (!this.#memory.isLasting) return () => {}
    const key = promptKey(event, by)
    const until = this.#clock.now() + timeoutMs
    const note = { run: this.#run, until, ...(command === undefined ? {} : { command }) }
    void this.#notes.behind(this.#notes.set(key, note, { expiresIn: timeoutMs }))
    return () => void this.#notes.behind(this.#notes.delete(key))
  }

  /** Takes the note of a question to the person behind an event that another process has asked and whose time is not over. */
  takeLost(event: ChatEvent): OpenPrompt | undefined {
    if (this.#notes.size === 0) return undefined
    return this.#take(promptKey(event, 'user')) ?? this.#take(promptKey(event, 'conversation'))
  }

  #take(key: string): OpenPrompt | undefined {
    const note = this.#notes.get(key)
    if (note === undefined || note.run === this.#run) return undefined
    void this.#notes.behind(this.#notes.delete(key))
    return note.until > this.#clock.now() ? note : undefined
  }
}
