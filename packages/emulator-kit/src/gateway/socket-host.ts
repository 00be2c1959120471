import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

import { type WebSocket, WebSocketServer } from 'ws'

import type { Plan } from '../faults/plan.ts'
import { refuseUpgrade } from '../http/loopback-server.ts'

/** The most that one frame may hold, in bytes. */
const maxFrameBytes = 64 * 1024 * 1024

/** The WebSockets that clients have opened. */
export class SocketHost {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes })
  readonly #refusals: Plan<number>

  /** @param refusals - HTTP statuses that the next upgrades are refused with. */
  constructor(refusals: Plan<number>) {
    this.#refusals = refusals
  }

  /** Every open socket. */
  get sockets(): ReadonlySet<WebSocket> {
    return this.#server.clients
  }

  /** Takes over an HTTP upgrade. */
  upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    welcome: (client: WebSocket) => void,
  ): void {
    const status = this.#refusals.take()
    if (status !== undefined) return refuseUpgrade(socket, status)
    this.#server.handleUpgrade(request, socket, head, (client) => {
      // A broken client is no error of the server; its close is all that matters.
      client.on('error', () => {})
      welcome(client)
    })
  }

  /** Closes every socket with a code, or breaks them without a closing handshake when none is given. */
  drop(code?: number, reason?: string): void {
    for (const socket of this.sockets) {
      if (code === undefined) socket.terminate()
      else socket.close(code, reason)
    }
  }

  /** Breaks every socket; resolves when they are gone. */
  async close(): Promise<void> {
    const gone = Array.from(this.sockets, (socket) => once(socket, 'close'))
    this.drop()
    await Promise.all(gone)
  }
}
