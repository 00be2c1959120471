import { randomUUID } from 'node:crypto'

import { z } from 'zod'

import { duration } from '../command/duration-setting.ts'
import { MynahError } from '../errors/mynah-error.ts'
import type { Scope } from '../lifecycle/scope.ts'
import type { Clock } from '../shared/clock.ts'
import type { Logger } from '../shared/logger.ts'
import { nap } from '../shared/nap.ts'
import { allEntries, type KeyValueStore } from '../storage/key-value-store.ts'
import type { MemorySource } from '../storage/memory-source.ts'

/** Something that is due at a moment. */
export interface AgendaEntry<T> {
  /** Names it: also a good key for a durable message about it. */
  readonly id: string
  /** When it is due. */
  readonly dueAt: Date
  /** What was given with it. */
  readonly data: T
}

/** Something that is due now. */
export interface DueEntry<T> extends AgendaEntry<T> {
  /** Whether the bot was not there when it was due. */
  readonly isMissed: boolean
}

/** What is due at moments that come up while the bot runs, such as reminders that people set in a chat. */
export interface Agenda<T> {
  /**
   * Adds an entry. With the service `storage`, from `@mynah/database`, it is on disk when the promise resolves, and
   * outlives a restart.
   *
   * @param when - The moment, or a length of time from now, such as `'10m'`, or ms.
   * @param data - What JSON can hold.
   * @returns The id of the entry.
   * @throws MynahError `CONFIG_INVALID` when `when` is neither; what the storage fails with.
   */
  add(when: Date | number | string, data: T): Promise<string>
  /** Takes an entry out. @returns Whether it was there. */
  remove(id: string): Promise<boolean>
  /** What is still to come, soonest first. */
  list(): Promise<readonly AgendaEntry<T>[]>
}

/** What a {@link ScheduledAgenda} is made of. */
export interface AgendaParts<T> {
  readonly scope: Scope
  readonly clock: Clock
  readonly logger: Logger
  readonly memory: MemorySource
  /** Resolves when all plugins have started, so that what was missed finds them. */
  readonly whenReady: Promise<void>
  readonly name: string
  readonly work: (entry: DueEntry<T>) => unknown
  /** What data has to be; what is stored and is not is left alone, and told. */
  readonly schema: z.ZodType<T> | undefined
}

const stored = z.object({ at: z.number(), data: z.unknown() })

/** An entry that is known to this run. */
interface Known<T> extends AgendaEntry<T> {
  readonly key: string
}

/** Where entries of all plugins are kept. */
const part = 'agenda'

/** Does what is due for as long as the scope lives; what was due before is done first. */
export class ScheduledAgenda<T> implements Agenda<T> {
  readonly #parts: AgendaParts<T>
  readonly #prefix: string
  readonly #entries = new Map<string, Known<T>>()
  readonly #loaded: Promise<void>
  readonly #startedAt: number
  #cancel: () => void = () => {}
  #isTold = false

  constructor(parts: AgendaParts<T>) {
    const { scope, clock, name } = parts
    this.#parts = parts
    this.#prefix = `${JSON.stringify([scope.name, name])}:`
    this.#startedAt = clock.now()
    scope.own('job', name, () => this.#cancel())
    this.#loaded = this.#load()
    // Whoever asks is told why it failed.
    this.#loaded.catch(() => {})
    void scope.run(() => this.#loaded, undefined, this.#where)
  }

  async add(when: Date | number | string, data: T): Promise<string> {
    const { memory, logger, clock, name } = this.#parts
    await this.#loaded
    if (!memory.isLasting && !this.#isTold) {
      logger.warn(`What is added to ${name} ends with the bot; install @mynah/database, so that it stays.`)
      this.#isTold = true
    }
    const at = momentOf(when, clock.now())
    const id = randomUUID()
    const key = this.#prefix + id
    await this.#store.set(key, { at, data })
    this.#entries.set(id, { id, key, dueAt: new Date(at), data })
    this.#wake()
    return id
  }

  async remove(id: string): Promise<boolean> {
    await this.#loaded
    const known = this.#entries.get(id)
    if (known === undefined) return false
    this.#entries.delete(id)
    await this.#store.delete(known.key)
    return true
  }

  async list(): Promise<readonly AgendaEntry<T>[]> {
    await this.#loaded
    return this.#inOrder().map(({ id, dueAt, data }) => ({ id, dueAt, data }))
  }

  get #store(): KeyValueStore {
    return this.#parts.memory.of(part)
  }

  get #where(): string {
    return `agenda ${this.#parts.name}`
  }

  #inOrder(): Known<T>[] {
    return Array.from(this.#entries.values()).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
  }

  async #load(): Promise<void> {
    await this.#parts.whenReady
    for (const { key, value } of await allEntries(this.#store))
      if (key.startsWith(this.#prefix)) this.#know(key, value)
    this.#wake()
  }

  #know(key: string, value: unknown): void {
    const { schema, logger, name } = this.#parts
    const id = key.slice(this.#prefix.length)
    const read = stored.safeParse(value)
    if (!read.success) return
    const { at, data } = read.data
    const checked = (schema ?? z.custom<T>()).safeParse(data)
    if (checked.success) this.#entries.set(id, { id, key, dueAt: new Date(at), data: checked.data })
    else logger.warn(`An entry of ${name} is left alone: ${z.prettifyError(checked.error)}`)
  }

  #wait(): void {
    const { clock } = this.#parts
    this.#cancel()
    const [first] = this.#inOrder()
    if (first === undefined) return
    this.#cancel = clock.setTimeout(() => this.#wake(), nap(first.dueAt.getTime() - clock.now()))
  }

  /** Does what is due, and waits for what comes next. */
  #wake(): void {
    if (this.#parts.scope.signal.aborted) return
    const now = this.#parts.clock.now()
    for (const entry of this.#inOrder()) {
      if (entry.dueAt.getTime() > now) break
      this.#entries.delete(entry.id)
      void this.#do(entry)
    }
    this.#wait()
  }

  /** What a crash cuts short is due again after the next start. */
  async #do({ key, id, dueAt, data }: Known<T>): Promise<void> {
    const { scope, work } = this.#parts
    const isMissed = dueAt.getTime() < this.#startedAt
    await scope.run(async () => work({ id, dueAt, data, isMissed }), undefined, this.#where)
    await scope.run(() => this.#store.delete(key).then(() => {}), undefined, this.#where)
  }
}

function momentOf(when: Date | number | string, now: number): number {
  if (when instanceof Date && !Number.isNaN(when.getTime())) return when.getTime()
  const ms = duration.safeParse(when)
  if (ms.success) return now + ms.data
  throw new MynahError('CONFIG_INVALID', `"${String(when)}" is no moment and no length of time, such as 10m.`)
}
