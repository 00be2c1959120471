import type { Socket } from 'node:net'
import type { Clock } from '@mynah/core'
import { addressKey } from './door.ts'

/** How many connections there may be. */
export interface ConnectionLimits {
  readonly max: number
  readonly maxSilentPerAddress: number
  /** How long a connection may say nothing at all, in ms. */
  readonly firstByteTimeoutMs: number
}

/**
 * Everybody who is connected. A connection is silent while no request of it runs: it said nothing yet, not
 * enough, or waits between two requests. Where there are too many, the oldest silent one makes room for a new
 * one, so that those who only hold connections shut nobody out.
 */
export class Connections {
  readonly #limits: ConnectionLimits
  readonly #clock: Clock
  readonly #all = new Set<Socket>()
  /** Oldest first. */
  readonly #silent = new Set<Socket>()
  readonly #silentOf = new Map<string, Set<Socket>>()

  constructor(limits: ConnectionLimits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Takes a new connection in, which may cut another one, or this one when all others are busy. */
  add(socket: Socket): void {
    const address = addressKey(socket.remoteAddress ?? '')
    const cancel = this.#clock.setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy()
    }, this.#limits.firstByteTimeoutMs)
    this.#all.add(socket)
    socket.once('close', () => {
      cancel()
      this.#all.delete(socket)
      this.#leaveSilence(socket, address)
    })
    this.quiet(socket)
    const neighbours = this.#silentOf.get(address)
    if (neighbours !== undefined && neighbours.size > this.#limits.maxSilentPerAddress) cutOldest(neighbours)
    if (this.#all.size > this.#limits.max) cutOldest(this.#silent)
  }

  /** A request of it runs, or it became a WebSocket. */
  busy(socket: Socket): void {
    this.#leaveSilence(socket, addressKey(socket.remoteAddress ?? ''))
  }

  /** No request of it runs any more. */
  quiet(socket: Socket): void {
    if (socket.destroyed) return
    const address = addressKey(socket.remoteAddress ?? '')
    this.#silent.add(socket)
    const neighbours = this.#silentOf.get(address) ?? new Set()
    this.#silentOf.set(address, neighbours.add(socket))
  }

  /** Cuts all that wait for nothing. */
  cutSilent(): void {
    for (const socket of this.#silent) socket.destroy()
  }

  #leaveSilence(socket: Socket, address: string): void {
    this.#silent.delete(socket)
    const neighbours = this.#silentOf.get(address)
    neighbours?.delete(socket)
    if (neighbours?.size === 0) this.#silentOf.delete(address)
  }
}

function cutOldest(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) {
    if (socket.destroyed) continue
    socket.destroy()
    return
  }
}
