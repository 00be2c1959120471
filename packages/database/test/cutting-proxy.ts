import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** When a connection is cut: before the server gets certain words, or when it answers them. */
export type Cut = 'before' | 'after'

/** Stands between an engine and a server, and cuts the connection that asks for something. */
export class CuttingProxy {
  readonly #server: Server
  #words = ''
  #cut: Cut | undefined

  private constructor(server: Server) {
    this.#server = server
  }

  /** Listens for connections to a server. */
  static async open(host: string, port: number): Promise<CuttingProxy> {
    const server = createServer()
    const proxy = new CuttingProxy(server)
    server.on('connection', (client) => proxy.#join(client, connect(port, host)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('It has no port.')
    return address.port
  }

  /** Cuts the next connection that asks for some words, once. */
  cutNext(words: string, cut: Cut): void {
    this.#words = words
    this.#cut = cut
  }

  close(): void {
    this.#server.close()
  }

  #join(client: Socket, server: Socket): void {
    const cut = (): void => {
      client.destroy()
      server.destroy()
    }
    let isLast = false
    for (const socket of [client, server]) socket.on('error', cut).on('close', cut)
    client.on('data', (bytes) => {
      if (this.#cut !== undefined && bytes.includes(this.#words)) {
        const how = this.#cut
        this.#cut = undefined
        if (how === 'before') return cut()
        isLast = true
      }
      server.write(bytes)
    })
    server.on('data', (bytes) => {
      if (isLast) return cut()
      client.write(bytes)
    })
  }
}
