import { type MessagePort, parentPort, workerData } from 'node:worker_threads'

import type { Result } from '../engine/engine.ts'
import { Connection } from './connection.ts'
import { loadDriver } from './driver.ts'
import type { Reply, Request, ThreadData } from './protocol.ts'
import { faultOf, ThreadFault } from './thread-fault.ts'
import { runGroup, type Write } from './write-group.ts'

/** The end of a thread that holds the file. What waits when it comes to it is done at once: writes in one commit. */
class Thread {
  readonly #port: MessagePort
  readonly #connection: Connection
  #requests: Request[] = []
  #isInTransaction = false

  constructor(port: MessagePort, connection: Connection) {
    this.#port = port
    this.#connection = connection
  }

  /** Takes requests; those that have come already are waiting. */
  listen(): void {
    this.#port.on('message', (requests: readonly Request[]) => {
      if (this.#requests.length === 0) setImmediate(() => this.#work())
      this.#requests.push(...requests)
    })
  }

  #work(): void {
    const replies: Reply[] = []
    const writes: Write[] = []
    for (const request of this.#requests) {
      if (request.kind === 'write') {
        writes.push(request)
        continue
      }
      replies.push(...runGroup(this.#connection, writes.splice(0)), this.#answer(request))
    }
    replies.push(...runGroup(this.#connection, writes))
    const hasClosed = this.#requests.some(({ kind }) => kind === 'close')
    if (!hasClosed) this.#connection.remember()
    this.#requests = []
    this.#port.postMessage(replies, [])
  }

  #answer(request: Exclude<Request, { kind: 'write' }>): Reply {
    try {
      return { id: request.id, results: this.#perform(request) }
    } catch (error) {
      return {
        id: request.id,
        fault: faultOf(error, 'statement' in request ? request.statement.sql : undefined),
      }
    }
  }

  #perform(request: Exclude<Request, { kind: 'write' }>): readonly Result[] {
    if (request.kind === 'open') return []
    if ('statement' in request) {
      // A thread that took the place of another knows nothing of what that one had begun.
      const isLost = request.kind === 'step' && !this.#isInTransaction
      if (isLost) throw new ThreadFault('The transaction was lost.', 'FAILED')
      const isRead = request.kind === 'read'
      return [isRead ? this.#connection.read(request.statement) : this.#connection.run(request.statement)]
    }
    this.#control(request.kind)
    return []
  }

  #control(kind: 'begin' | 'commit' | 'rollback' | 'snapshot' | 'forget' | 'close'): void {
    if (kind === 'forget' || kind === 'close') {
      this.#connection[kind]()
      return
    }
    if (kind === 'snapshot') {
      // It is taken by the first that is read.
      this.#connection.exec('begin; select 1 from sqlite_schema limit 1')
      return
    }
    if (kind === 'rollback') this.#isInTransaction = false
    this.#connection.exec(kind === 'begin' ? 'begin immediate' : kind)
    this.#isInTransaction = kind === 'begin'
  }
}

async function start(port: MessagePort, data: ThreadData): Promise<void> {
  try {
    const thread = new Thread(port, new Connection(await loadDriver(), data))
    thread.listen()
  } catch (error) {
    const fault = faultOf(error)
    port.on('message', (requests: readonly Request[]) =>
      port.postMessage(requests.map(({ id }): Reply => ({ id, fault }))),
    )
  }
}

if (parentPort !== null) void start(parentPort, workerData)
