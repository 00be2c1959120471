import { RecordingLogger } from '@mynah/core/testing'
import { ReconnectingSocket, type SocketClose } from '@mynah/adapter-kit'
import { deferred } from '@mynah/core/adapter'

/** A bare client: what a bridge or a program written by hand may do. */
export class BareClient {
  readonly received: string[] = []
  readonly closed: Promise<SocketClose>
  readonly #socket: ReconnectingSocket

  private constructor(url: string, headers: Record<string, string>, onOpen: () => void) {
    const closed = deferred<SocketClose>()
    this.closed = closed.promise
    this.#socket = new ReconnectingSocket({
      name: 'client',
      target: () => ({ url, headers }),
      policy: () => 'fatal',
      pingIntervalMs: 0,
      logger: new RecordingLogger(),
      listener: {
        open: onOpen,
        message: (data) => void this.received.push(String(data)),
        close: (close) => closed.resolve(close),
      },
    })
    this.#socket.start()
  }

  static async dial(url: string, headers: Record<string, string> = {}): Promise<BareClient> {
    const opened = deferred()
    const socket = new BareClient(url, headers, () => opened.resolve())
    await Promise.race([opened.promise, socket.closed])
    return socket
  }

  send(data: string): void {
    this.#socket.send(data)
  }

  close(): Promise<void> {
    return this.#socket.stop()
  }
}
