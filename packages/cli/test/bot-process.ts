import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { Mailbox } from '@mynah/core/testing'

const packages = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(packages, 'cli', 'dist', 'bin.js')
const vite = fileURLToPath(new URL('../../loader/node_modules/vite', import.meta.url))

/** Packages that a project has. */
const installed = [
  'core',
  'server',
  'database',
  'cli',
  'loader',
  'control',
  'adapter-sandbox',
  'adapter-onebot',
  'adapter-qq',
  'adapter-kook',
]

/** How long something that was said, or a process, may take on a busy machine, in ms. */
const patienceMs = 40_000

/** Files of a project by their paths. */
export type ProjectFiles = Readonly<Record<string, string>>

/** A config with the terminal chat and nothing else. */
export const sandboxConfig = 'adapters:\n  sandbox: {}\n'

/** A plugin whose command answers with a text. */
export function answering(command: string, answer: string): string {
  return `import { definePlugin } from '@mynah/core'
export default definePlugin({
  name: '${command}',
  setup(ctx) {
    ctx.command('${command}').action(() => ${JSON.stringify(answer)})
  },
})
`
}

/** A bot project in a temporary folder, whose packages are the built ones of the workspace. */
export class TestProject implements AsyncDisposable {
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  static async create(files: ProjectFiles): Promise<TestProject> {
    const project = new TestProject(await mkdtemp(join(tmpdir(), 'mynah-bot-')))
    await mkdir(join(project.root, 'node_modules', '@mynah'), { recursive: true })
    for (const name of installed) {
      const link = join(project.root, 'node_modules', '@mynah', name)
      await symlink(join(packages, name), link, 'junction')
    }
    await mkdir(join(project.root, 'node_modules', '.bin'))
    // As package managers do when they link a command.
    await chmod(bin, 0o755)
    await symlink(bin, join(project.root, 'node_modules', '.bin', 'bot'))
    await symlink(vite, join(project.root, 'node_modules', 'vite'), 'junction')
    await project.write({ 'package.json': '{ "name": "bot", "private": true, "type": "module" }', ...files })
    return project
  }

  /** Writes files; folders are made where they are missing. */
  async write(files: ProjectFiles): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.root, name)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, content)
    }
  }

  async remove(name: string): Promise<void> {
    await unlink(join(this.root, name))
  }

  /** Runs `bot` in the project. */
  bot(args: readonly string[], env: NodeJS.ProcessEnv = {}, options: BotProcessOptions = {}): BotProcess {
    return new BotProcess(this.root, args, env, options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }
}

/** How a process is run. */
export interface BotProcessOptions {
  /** Another program than `bot`. */
  readonly command?: string
  /** `ignore` is what services get: an input that has ended. @defaultValue 'pipe' */
  readonly stdin?: 'pipe' | 'ignore'
  /** A file descriptor that the log goes to. @defaultValue 'pipe' */
  readonly stderr?: 'pipe' | number
  /** Is removed when the process is disposed of. */
  readonly project?: TestProject
}

/** Runs a command in a project of its own, which goes when the process does. */
export async function runProject(
  args: readonly string[],
  files: ProjectFiles,
  { env = {}, ...options }: BotProcessOptions & { readonly env?: NodeJS.ProcessEnv } = {},
): Promise<BotProcess> {
  const project = await TestProject.create(files)
  return new BotProcess(project.root, args, env, { ...options, project })
}

/** Tests are run by npm, bots that are tested are not unless a test says so. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('npm_')))
}

interface LogLine {
  readonly level?: number
  readonly msg: string
  readonly plugin?: string
  readonly err?: { readonly stack: string }
}

/** The real `bot` command in a process of its own, spoken to through pipes. */
export class BotProcess {
  readonly #child: ChildProcess
  readonly #replies = new Mailbox<string>()
  readonly #logs = new Mailbox<LogLine>(({ msg }) => msg)
  readonly #exited: Promise<number>
  readonly #project: TestProject | undefined
  /** Everything that was logged. */
  readonly log: LogLine[] = []

  constructor(
    root: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    { command, stdin = 'pipe', stderr = 'pipe', project }: BotProcessOptions = {},
  ) {
    this.#project = project
    const node = process.env['MYNAH_TEST_NODE'] ?? process.execPath
    this.#child = spawn(command ?? node, command === undefined ? [bin, ...args] : args, {
      cwd: root,
      env: { ...withoutNpm(process.env), ...env },
      stdio: [stdin, 'pipe', stderr],
    })
    const { stdout, stderr: logs } = this.#child
    if (stdout !== null) createInterface(stdout).on('line', (line) => this.#replies.push(line))
    if (logs !== null) createInterface(logs).on('line', (line) => this.#onLog(line))
    this.#exited = once(this.#child, 'close').then(([code, signal]) =>
      typeof code === 'number' ? code : signal === null ? 1 : 128,
    )
  }

  #onLog(line: string): void {
    const entry = readLogLine(line)
    this.log.push(entry)
    this.#logs.push(entry)
  }

  /** Types a line into the chat. */
  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }

  /** Ends the input. */
  endInput(): void {
    this.#child.stdin?.end()
  }

  /** Takes the next reply that is this text. */
  async expectReply(text: string): Promise<void> {
    await this.#replies.take((line) => line === text, `the reply ${JSON.stringify(text)}`, patienceMs)
  }

  /** Types a line and takes the reply to it, whatever else was said before. */
  async ask(line: string, reply: string): Promise<void> {
    this.say(line)
    await this.expectReply(reply)
  }

  /** Types a line again and again until this is the reply. */
  async askUntil(line: string, reply: string): Promise<void> {
    do this.say(line)
    while ((await this.nextReply()) !== reply)
  }

  /** Takes the next reply. */
  nextReply(): Promise<string> {
    return this.#replies.take(() => true, 'a reply', patienceMs)
  }

  /** Takes the next log line with this text in it, or that fits the pattern. */
  expectLog(text: string | RegExp): Promise<LogLine> {
    const fits = ({ msg }: LogLine): boolean =>
      typeof text === 'string' ? msg.includes(text) : text.test(msg)
    return this.#logs.take(fits, `a log line with ${String(text)}`, patienceMs)
  }

  /** Log lines that were not asked for so far are not taken any more. */
  forgetLog(): void {
    this.#logs.clear()
  }

  /** Closes this end of the pipe that the log goes to. */
  closeLog(): void {
    this.#child.stderr?.destroy()
  }

  /** Its id; that of the one that supervises, where there are two. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** The exit code, once all output has been read; 128 when a signal ended it. */
  exited(): Promise<number> {
    return this.#exited
  }

  /** Replies nobody asked for yet. */
  get replies(): readonly string[] {
    return this.#replies.pending
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
    await this.#project?.[Symbol.asyncDispose]()
  }
}

function readLogLine(line: string): LogLine {
  try {
    const entry: unknown = JSON.parse(line)
    return isLogLine(entry) ? entry : { msg: line }
  } catch {
    return { msg: line }
  }
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === 'object' && value !== null && 'msg' in value && typeof value.msg === 'string'
}
