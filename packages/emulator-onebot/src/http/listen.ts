import { once } from 'node:events'
import type { Server } from 'node:http'
import { MynahError } from '@mynah/core'

/** Listens on 127.0.0.1 and tells the port; 0 takes a free one. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new MynahError('SERVER_LISTEN_FAILED', 'The emulator got no TCP port on 127.0.0.1.')
  }
  return address.port
}
