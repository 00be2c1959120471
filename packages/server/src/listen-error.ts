import { MynahError } from '@mynah/core'

/** Where to listen. */
export interface ListenOptions {
  /** Which of the machine's addresses; `0.0.0.0` and `::` are all of them. @defaultValue '127.0.0.1' */
  host?: string
  /** 0 takes any free port. */
  port: number
}

const advice = new Map([
  [
    'EADDRINUSE',
    'The port is taken by another program. Stop that program, or set another port (0 takes any free one).',
  ],
  ['EACCES', 'This user may not open the port. Set one above 1023, or put a reverse proxy in front.'],
  ['EADDRNOTAVAIL', 'The host is no address of this machine. Set 127.0.0.1, or 0.0.0.0 for all addresses.'],
  ['ENOTFOUND', 'The host name is not known. Set an IP address of this machine.'],
])

/** Says where listening failed and what to do. */
export function listenError({ host = '127.0.0.1', port }: ListenOptions, cause: unknown): MynahError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const detail = advice.get(code) ?? (cause instanceof Error ? cause.message : String(cause))
  return new MynahError(
    'SERVER_LISTEN_FAILED',
    `The server could not listen on ${host} port ${port}: ${detail}`,
    { cause },
  )
}
