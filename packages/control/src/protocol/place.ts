import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

import { ControlError } from '../errors.ts'

/**
 * Longest path of a socket, in bytes. Systems allow 104 to 108, and Node 20 cuts what is longer without a word, so that
 * the socket would lie elsewhere.
 */
const maxPathBytes = 100

/** Where a bot can be asked. */
export interface Place {
  /** The file that tells of the process. */
  readonly runFile: string
  /** The socket, or the named pipe of Windows. */
  readonly address: string
}

/** Where the bot of a folder can be asked, best first: in the folder itself, then in one of the user. */
export function placesOf(root: string): Place[] {
  const folder = realpathSync(root)
  const own = join(folder, '.mynah')
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  if (process.platform === 'win32')
    return [{ runFile: join(own, 'run.json'), address: `\\\\.\\pipe\\mynah-${id}` }]
  const ofUser = userFolder()
  const far = join(ofUser, `${id}.sock`)
  const near = join(own, 'control.sock')
  return [
    ...(isShort(near) ? [{ runFile: join(own, 'run.json'), address: near }] : []),
    { runFile: join(own, 'run.json'), address: far },
    // For a project on a disk that cannot be written.
    { runFile: join(ofUser, `${id}.json`), address: far },
  ].filter(({ address }) => isShort(address))
}

/**
 * Makes the folders of a place, closed to others.
 *
 * @throws ControlError `CONTROL_PLACE` when a folder belongs to somebody else; what Node says when it cannot be made.
 */
export function preparePlace({ runFile, address }: Place): void {
  for (const file of process.platform === 'win32' ? [runFile] : [runFile, address]) {
    const folder = join(file, '..')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid, mode } = lstatSync(folder)
    const isOurs = process.getuid === undefined || uid === process.getuid()
    if (folder === userFolder() && (!isOurs || (mode & 0o077) !== 0))
      throw new ControlError('CONTROL_PLACE', `${folder} is open to others; remove it.`)
  }
}

/** A folder for what runs, which goes with the user's last login or the next start of the machine. */
function userFolder(): string {
  const runtime = process.env['XDG_RUNTIME_DIR']
  return runtime === undefined || runtime === ''
    ? join(tmpdir(), `mynah-${userInfo().uid}`)
    : join(runtime, 'mynah')
}

function isShort(path: string): boolean {
  return Buffer.byteLength(path) <= maxPathBytes
}
