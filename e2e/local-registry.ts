import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Program } from './program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const program = fileURLToPath(new URL('registry-process.mjs', import.meta.url))

/** An npm registry on this machine: it holds our packages and passes on everything else. */
export class LocalRegistry implements AsyncDisposable {
  readonly #process: ChildProcess
  readonly url: string

  private constructor(process: ChildProcess, port: number) {
    this.#process = process
    this.url = `http://127.0.0.1:${port}/`
  }

  /** @param folder - Where it stores packages; an empty one. */
  static async start(folder: string): Promise<LocalRegistry> {
    const npm = await Program.complete('npm', ['config', 'get', 'registry'], { cwd: root, env: process.env })
    const config = {
      self_path: join(folder, 'config.yaml'),
      storage: join(folder, 'storage'),
      uplinks: { npm: { url: npm.trim(), maxage: '1h', max_fails: 100 } },
      packages: {
        '@mynah/*': { access: '$all', publish: '$all' },
        '**': { access: '$all', proxy: 'npm' },
      },
      web: { enable: false },
    }
    const child = fork(program, [JSON.stringify(config)], {
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const ended = once(child, 'exit').then(([code]): never => {
      throw new Error(`The registry ended with exit code ${code}`)
    })
    const [port] = await Promise.race([once(child, 'message'), ended])
    ended.catch(() => {})
    return new LocalRegistry(child, Number(port))
  }

  /** Packs every package of the workspace the way it is released, and publishes it here. */
  async publishWorkspace(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
    const pack = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]
    const npx = ['--yes', '--prefer-offline', await pinnedPnpm(), ...pack]
    await Program.complete('npx', npx, { cwd: root, env: process.env })
    // npm wants credentials; the registry takes anybody's.
    const token = `--${this.url.replace('http:', '')}:_authToken=anybody`
    const tarballs = await readdir(folder)
    const publish = (tarball: string): Promise<string> =>
      Program.complete('npm', ['publish', tarball, token, '--registry', this.url], { cwd: folder, env })
    await Promise.all(tarballs.map(publish))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill()
    await ended
  }
}

async function pinnedPnpm(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  if (typeof manifest !== 'object' || manifest === null || !('packageManager' in manifest))
    throw new TypeError('package.json pins no package manager')
  return String(manifest.packageManager)
}
