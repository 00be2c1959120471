import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

import type { Plugin } from '@mynah/core'
import { Mailbox } from '@mynah/core/testing'
import type { Arrival, ContractChat, ContractStage } from '@mynah/testing/contract'

/** What the bot of the guide writes. */
interface ClientFrame {
  readonly type: 'hello' | 'send'
  readonly room?: string
  readonly text?: string
  readonly echo?: string
}

/** A Parrot server, as the guide for authors of adapters describes it, with Alice in the room `den`. */
export async function startParrotServer(
  adapter: Plugin<{ name: string; port: number }>,
): Promise<ContractStage> {
  const sockets = new Set<Socket>()
  const rooms = new Map(['den', '@alice'].map((room) => [room, new Mailbox<Arrival>()]))
  let count = 0
  let copies = 1

  const tell = (from: string, room: string, text: string): void => {
    count += 1
    const line = JSON.stringify({ type: 'message', id: `m${count}`, room, from, text, at: Date.now() })
    for (const socket of sockets) socket.write(`${line}\n`.repeat(copies))
    copies = 1
  }
  const answer = ({ room = '', text = '', echo }: ClientFrame): object => {
    const mailbox = rooms.get(room)
    if (mailbox === undefined) return { type: 'answer', echo, error: `There is no room ${room}.` }
    count += 1
    mailbox.push({ id: `m${count}`, text, mentions: [], quote: undefined, images: 0 })
    return { type: 'answer', echo, id: `m${count}` }
  }
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    createInterface({ input: socket }).on('line', (line) => {
      const frame: ClientFrame = JSON.parse(line)
      if (frame.type === 'hello') sockets.add(socket)
      else socket.write(`${JSON.stringify(answer(frame))}\n`)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const connected = async (): Promise<void> => {
    while (sockets.size === 0) await new Promise(setImmediate)
  }
  const chat = (room: string): ContractChat => ({
    async say(words) {
      await connected()
      tell('alice', room, words)
    },
    arrival: () => rooms.get(room)?.take() ?? Promise.reject(new Error(`There is no room ${room}.`)),
  })

  return {
    plug: (app) => app.plugin(adapter, { name: 'parrot', port }),
    group: chat('den'),
    direct: chat('@alice'),
    ids: { guild: 'den', user: 'alice', nowhere: 'attic' },
    drivers: {
      async speakAsBot(words) {
        await connected()
        tell('parrot', 'den', words)
      },
      repeatNext: () => {
        copies = 2
      },
      cut: () => {
        for (const socket of sockets) socket.destroy()
      },
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
