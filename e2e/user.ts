import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { LocalRegistry } from './local-registry.ts'
import { Program } from './program.ts'

/** Somebody with Node, an empty folder and an idea for a bot. Everything they do ends with the tests. */
export class User implements AsyncDisposable {
  readonly #home: string
  readonly #env: NodeJS.ProcessEnv
  readonly #programs: Program[] = []
  readonly registry: LocalRegistry

  private constructor(home: string, registry: LocalRegistry) {
    this.#home = home
    this.#env = bareEnvironment(join(home, 'npm-cache'))
    this.registry = registry
  }

  static async arrive(): Promise<User> {
    const home = await mkdtemp(join(tmpdir(), 'mynah-journey-'))
    for (const folder of ['packages', 'work']) await mkdir(join(home, folder))
    const registry = await LocalRegistry.start(home)
    const user = new User(home, registry)
    await registry.publishWorkspace(join(home, 'packages'), user.#env)
    return user
  }

  /** Path of a file of their bot. */
  file(path = ''): string {
    return join(this.#home, 'work', 'my-bot', path)
  }

  async write(path: string, content: string): Promise<void> {
    await writeFile(this.file(path), content)
  }

  /** Changes a text in a file, and gives the number of the line it stands in. */
  async edit(path: string, from: string, to: string): Promise<number> {
    const content = await readFile(this.file(path), 'utf8')
    const start = content.indexOf(from)
    if (start < 0) throw new Error(`${path} has no ${JSON.stringify(from)}`)
    await this.write(
      path,
      content.replace(from, () => to),
    )
    return content.slice(0, start).split('\n').length
  }

  /** Runs create-bot where there is nothing yet. */
  async createBot(): Promise<void> {
    const args = ['--yes', '--registry', this.registry.url, '@mynah/create-bot', 'my-bot', '--yes']
    await Program.complete('npx', args, { cwd: join(this.#home, 'work'), env: this.#env })
  }

  /** Runs npm in their bot to its end, and gives what it printed. */
  npm(...args: string[]): Promise<string> {
    const options = { cwd: this.file(), env: this.#env }
    return Program.complete('npm', [...args, '--registry', this.registry.url], options)
  }

  /** Starts a program in their bot: one on the path, or one that a package brings. */
  run(command: 'npm' | 'bot', ...args: string[]): Program {
    const path = command === 'bot' ? this.file('node_modules/.bin/bot') : command
    const program = new Program(path, args, { cwd: this.file(), env: this.#env })
    this.#programs.push(program)
    return program
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs) await program[Symbol.asyncDispose]()
    await this.registry[Symbol.asyncDispose]()
    await rm(this.#home, { recursive: true, force: true })
  }
}

/** The environment without what npm and vitest, which run around us, have put there. */
function bareEnvironment(cache: string): NodeJS.ProcessEnv {
  const { PATH = '', ...rest } = process.env
  const kept = Object.entries(rest).filter(([name]) => !/^(npm_|vitest|node_env$|test$|lang|lc_)/i.test(name))
  return {
    ...Object.fromEntries(kept),
    PATH: PATH.split(delimiter)
      .filter((folder) => !folder.includes('node_modules'))
      .join(delimiter),
    LC_ALL: 'en_US.UTF-8',
    npm_config_cache: cache,
    npm_config_userconfig: join(cache, 'npmrc'),
  }
}
