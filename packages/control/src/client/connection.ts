import { connect } from 'node:net'

/** How long a socket may take to take a connection, in ms. */
const connectMs = 2000

/** Whether somebody listens at a socket or named pipe. */
export function isAnswering(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
    const settle = (isAnswering: boolean): void => {
      socket.destroy()
      resolve(isAnswering)
    }
    socket.setTimeout(connectMs, () => settle(false))
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}
