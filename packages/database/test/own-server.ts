import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import pg from 'pg'

const run = promisify(execFile)

/** PostgreSQL refuses to run as root; this is nobody. */
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const debian = '/usr/lib/postgresql'

/** The folder with `initdb` and `postgres`; `undefined` where they are not installed. */
async function findPrograms(): Promise<string | undefined> {
  const [newest] = (await readdir(debian).catch(() => [])).toSorted((a, b) => Number(b) - Number(a))
  if (newest !== undefined) return join(debian, newest, 'bin')
  return run('pg_config', ['--bindir']).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}

const programs = await findPrograms()

/** Whether a server can be started here. */
export const hasPrograms: boolean = programs !== undefined
if (!hasPrograms && process.env['CI'] === 'true') throw new Error('There is no PostgreSQL to start.')

/** A server of a test alone, which it may stop and kill. */
export class OwnServer {
  readonly #folder: string
  readonly #port: number
  #process: ChildProcess | undefined

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.#port = port
  }

  /** Makes a database and starts a server with it. */
  static async make(): Promise<OwnServer> {
    const folder = await mkdtemp(join(tmpdir(), 'mynah-postgres-'))
    if (owner.uid !== undefined) await chown(folder, owner.uid, owner.gid)
    const options = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
    await run(join(programs ?? '', 'initdb'), options, { ...owner, cwd: folder })
    const server = new OwnServer(folder, await freePort())
    await server.start()
    return server
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/postgres`
  }

  /** Starts it; resolves when it lets somebody in. */
  async start(): Promise<void> {
    const settings = [
      `port=${this.#port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=`,
      'fsync=off',
    ]
    const options = ['-D', join(this.#folder, 'data'), ...settings.flatMap((setting) => ['-c', setting])]
    this.#process = spawn(join(programs ?? '', 'postgres'), options, {
      ...owner,
      cwd: this.#folder,
      stdio: 'ignore',
    })
    while (!(await this.#letsIn())) {
      if (this.#process.exitCode !== null) throw new Error(`The server ended with ${this.#process.exitCode}.`)
    }
  }

  /** Ends it: in order and at once, or as a crash does. */
  async stop(how: 'in order' | 'crash'): Promise<void> {
    const server = this.#process
    if (server === undefined || server.exitCode !== null) return
    const exited = once(server, 'exit')
    server.kill(how === 'in order' ? 'SIGINT' : 'SIGQUIT')
    await exited
  }

  async remove(): Promise<void> {
    await this.stop('crash')
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #letsIn(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 2000 })
    client.on('error', () => {})
    return client.connect().then(
      async () => {
        await client.end()
        return true
      },
      () => false,
    )
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('It has no port.')
  return address.port
}
