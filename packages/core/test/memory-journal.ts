import type {
  JournalEntry,
  JournalProgress,
  JournalRecord,
  JournalTotals,
  MessageJournal,
} from '../src/adapter.ts'

/** A journal that a test can look into, break and hand to the next run of an app. */
export class MemoryJournal implements MessageJournal {
  readonly rows = new Map<string, JournalRecord>()
  /** What was saved, in order, as `key state delivered`. */
  readonly saved: string[] = []
  /** Is thrown by everything while it is set. */
  fault: Error | undefined

  async add(record: JournalRecord): Promise<JournalRecord | undefined> {
    await this.#disk()
    const earlier = this.rows.get(record.message.key)
    if (earlier === undefined) this.rows.set(record.message.key, plain(record))
    return earlier
  }

  async find(key: string): Promise<JournalRecord | undefined> {
    await this.#disk()
    return this.rows.get(key)
  }

  async waiting(bot: string): Promise<JournalEntry[]> {
    await this.#disk()
    return this.#waiting()
      .filter(({ message }) => message.bot === bot)
      .sort((one, other) => one.progress.order - other.progress.order)
      .map(({ message: { key, channelId }, progress: { expiresAt } }) => ({ key, channelId, expiresAt }))
  }

  async untold(bot: string): Promise<string[]> {
    await this.#disk()
    return this.#all()
      .filter(({ message, progress }) => message.bot === bot && isOver(progress) && !progress.isTold)
      .map(({ message }) => message.key)
  }

  async dead(limit: number): Promise<JournalRecord[]> {
    await this.#disk()
    return this.#all()
      .filter(({ progress }) => isOver(progress) && progress.state !== 'delivered')
      .reverse()
      .slice(0, limit)
  }

  async totals(): Promise<JournalTotals> {
    await this.#disk()
    const waiting = this.#waiting()
    return {
      count: waiting.length,
      bytes: waiting.reduce((sum, { message }) => sum + message.bytes, 0),
      lastOrder: Math.max(0, ...this.#all().map(({ progress }) => progress.order)),
    }
  }

  async save(key: string, progress: JournalProgress): Promise<void> {
    await this.#disk()
    const row = this.rows.get(key)
    if (row === undefined) return
    this.saved.push(`${key} ${progress.state} ${progress.delivered}`)
    this.rows.set(key, plain({ message: row.message, progress }))
  }

  async remove(key: string): Promise<void> {
    await this.#disk()
    this.rows.delete(key)
  }

  #all(): JournalRecord[] {
    return Array.from(this.rows.values())
  }

  #waiting(): JournalRecord[] {
    return this.#all().filter(({ progress }) => !isOver(progress))
  }

  async #disk(): Promise<void> {
    await Promise.resolve()
    if (this.fault !== undefined) throw this.fault
  }
}

function isOver({ state }: JournalProgress): boolean {
  return state !== 'stored' && state !== 'trying'
}

/** As it comes back from a disk. */
function plain(record: JournalRecord): JournalRecord {
  const read: JournalRecord = JSON.parse(JSON.stringify(record))
  return read
}
