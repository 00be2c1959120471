import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

import { MynahError } from '@mynah/core'

declare module '@mynah/core' {
  interface ErrorCodes {
    SERVER_LISTEN_FAILED: true
  }
}

/** What a {@link LoopbackServer} does with what comes. */
export interface LoopbackHandlers {
  /** Answers a request. */
  request(request: IncomingMessage, response: ServerResponse): Promise<void> | void
  /** Takes over a connection for another protocol. Without it each is refused with 426. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** An HTTP server on 127.0.0.1, for this machine only. It can be closed and opened again. */
export class LoopbackServer {
  readonly #server: Server
  #port = 0

  constructor(handlers: LoopbackHandlers) {
    this.#server = createServer((request, response) => void answer(handlers, request, response))
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // A client that goes away is no error of the server.
      socket.on('error', () => {})
      if (handlers.upgrade === undefined) refuseUpgrade(socket, 426)
      else handlers.upgrade(request, socket, head)
    })
  }

  /** The TCP port; 0 before the first {@link listen}. */
  get port(): number {
    return this.#port
  }

  /** Whether it takes connections. */
  get isListening(): boolean {
    return this.#server.listening
  }

  /**
   * Opens the port.
   *
   * @param port - 0 takes a free one. @defaultValue the port that it had before, or a free one
   * @returns The port.
   * @throws MynahError `SERVER_LISTEN_FAILED` when it cannot be had.
   */
  async listen(port: number = this.#port): Promise<number> {
    this.#server.listen(port, '127.0.0.1')
    try {
      await once(this.#server, 'listening')
    } catch (cause) {
      throw new MynahError('SERVER_LISTEN_FAILED', `The emulator cannot have port ${port} of 127.0.0.1.`, {
        cause,
      })
    }
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port')
    this.#port = address.port
    return this.#port
  }

  /** Cuts every connection and frees the port. */
  async close(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}

async function answer(
  handlers: LoopbackHandlers,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await handlers.request(request, response)
  } catch (error) {
    // A mistake of the emulator, told where somebody looks for it.
    if (response.headersSent) response.destroy()
    else response.writeHead(500).end(String(error))
  }
}

/** Answers an upgrade with an HTTP status and nothing else. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  const text = STATUS_CODES[status] ?? 'Refused'
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
