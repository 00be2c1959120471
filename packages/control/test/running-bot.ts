import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createLogger } from '@mynah/core'
import { Project } from '@mynah/loader'

import { ControlServer, type ControlServerOptions, LocalControl } from '../src/index.ts'
import { LogTail } from '../src/log.ts'

/** Plugins that work with any copy of core. */
const plugin = (name: string, setup: string): string => `export default {
  name: '${name}', required: [], optional: [], provides: [],
  start(ctx) { ${setup} },
  [Symbol.for('mynah.plugin')]: true,
}
`

/** A bot that can be asked, in a folder of its own that goes with it. */
export class RunningBot implements AsyncDisposable {
  readonly root: string
  readonly log: LogTail
  readonly local: LocalControl
  /** What was asked to end it. */
  readonly ends: [kind: string, by: string][] = []
  /** Why it cannot be asked. */
  readonly problems: string[] = []
  readonly #base: string
  readonly #project: Project
  readonly #servers: ControlServer[] = []

  private constructor(base: string, root: string, project: Project, log: LogTail) {
    this.root = root
    this.log = log
    this.#base = base
    this.#project = project
    const facts = { version: '1.2.3', startedAt: 5 }
    this.local = new LocalControl({ project, log, facts, end: (kind, by) => this.ends.push([kind, by]) })
  }

  /** @param folder - Path of the project below a new folder of the system. */
  static async start(folder = 'bot'): Promise<RunningBot> {
    const base = await realpath(await mkdtemp(join(tmpdir(), 'control-')))
    const root = join(base, folder)
    await mkdir(join(root, 'plugins'), { recursive: true })
    await writeFile(join(root, 'package.json'), '{ "name": "asked", "private": true, "type": "module" }')
    await writeFile(join(root, 'bot.config.yaml'), 'database: false\n')
    await writeFile(join(root, 'plugins/broken.js'), plugin('broken', "throw new Error('no luck')"))
    await writeFile(join(root, 'plugins/well.js'), plugin('well', ''))
    const log = new LogTail()
    const logger = createLogger({ stream: { write: (line) => log.push(line) } })
    const project = await Project.open({ root, mode: 'production', logger })
    await project.start()
    return new RunningBot(base, root, project, log)
  }

  /** Opens a way in; a second one is as that of a second process. */
  async open(changes: Partial<ControlServerOptions> = {}): Promise<ControlServer> {
    const server = await ControlServer.start({
      root: this.root,
      control: this.local,
      startedAt: 5,
      onProblem: (problem) => this.problems.push(problem),
      ...changes,
    })
    this.#servers.push(server)
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) await server.close()
    await this.#project.stop()
    await rm(this.#base, { recursive: true, force: true })
  }
}
