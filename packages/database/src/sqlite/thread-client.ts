import { Worker } from 'node:worker_threads'

import type { Result } from '../engine/engine.ts'
import { DatabaseError } from '../engine/errors.ts'
import { errorOf } from './errors.ts'
import type { Ask, Reply, Request, ThreadData } from './protocol.ts'
import { threadFile } from './thread-file.ts'

interface Waiting {
  resolve(results: readonly Result[]): void
  reject(error: DatabaseError): void
}

/** The bot's end of a thread that holds the file. The thread starts with the first request. */
export class ThreadClient {
  readonly #data: ThreadData
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #outgoing: Request[] = []
  #lastId = 0

  constructor(data: ThreadData) {
    this.#data = data
  }

  /** Whether it has been asked for anything yet. */
  get hasStarted(): boolean {
    return this.#worker !== undefined
  }

  /** Asks the thread; answers come in the order of the requests. */
  async request(ask: Ask): Promise<readonly Result[]> {
    this.#worker ??= this.#start()
    return await new Promise((resolve, reject) => {
      this.#lastId += 1
      this.#waiting.set(this.#lastId, { resolve, reject })
      if (this.#outgoing.length === 0) setImmediate(() => this.#post())
      this.#outgoing.push({ ...ask, id: this.#lastId })
    })
  }

  /** Does what was asked for, closes the file, and ends the thread. */
  async close(): Promise<void> {
    if (this.#worker === undefined) return
    const worker = this.#worker
    try {
      await this.request({ kind: 'close' })
    } finally {
      await worker.terminate()
    }
  }

  #start(): Worker {
    const worker = new Worker(threadFile, { workerData: this.#data, execArgv: [] })
    worker.on('message', (replies: readonly Reply[]) => this.#receive(replies))
    worker.on('error', (error) => this.#lose(worker, error))
    worker.on('exit', () => this.#lose(worker, undefined))
    return worker
  }

  /** The thread keeps the process alive while somebody waits for it, and no longer. */
  #post(): void {
    this.#worker?.ref()
    this.#worker?.postMessage(this.#outgoing)
    this.#outgoing = []
  }

  #receive(replies: readonly Reply[]): void {
    for (const reply of replies) {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      if ('fault' in reply) waiting?.reject(errorOf(reply.fault, this.#data.path))
      else waiting?.resolve(reply.results)
    }
    if (this.#waiting.size === 0) this.#worker?.unref()
  }

  /** What a thread that ended had not answered is in doubt. The next request starts another. */
  #lose(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    this.#outgoing = []
    const lost = Array.from(this.#waiting.values())
    this.#waiting.clear()
    const detail = `The thread that holds ${this.#data.path} ended; what was under way may have been written.`
    for (const waiting of lost) {
      waiting.reject(new DatabaseError('DATABASE_FAILED', detail, { cause, inDoubt: true, retriable: true }))
    }
  }
}
