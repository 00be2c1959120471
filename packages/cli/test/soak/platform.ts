import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('platform-process.mjs', import.meta.url))

/** Which platform, and how it and the bot find each other. */
export interface PlatformOptions {
  readonly platform: 'onebot-forward' | 'onebot-http' | 'onebot-reverse' | 'qq' | 'kook'
  /** Where the platform listens. */
  readonly port: number
  /** Where the bot's server listens. */
  readonly botPort: number
  /** What the platform asks for. */
  readonly token: string
}

/** An emulated platform in a process of its own, which can be gone without a goodbye. */
export class Platform implements AsyncDisposable {
  readonly #process: ChildProcess

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  static async start(options: PlatformOptions): Promise<Platform> {
    const child = fork(program, [JSON.stringify(options)], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    await once(child, 'message')
    return new Platform(child)
  }

  /** Somebody says a text until they get this answer: what is said while nobody is connected may be lost. */
  async askUntil(say: string, expect: string, timeoutMs = 150_000): Promise<void> {
    const endsAt = performance.now() + timeoutMs
    let reason: unknown
    while (performance.now() < endsAt) {
      const answer = once(this.#process, 'message')
      this.#process.send({ say, expect })
      const [message]: unknown[] = await answer
      if (typeof message !== 'object' || message === null || !('isAnswered' in message)) continue
      if (message.isAnswered === true) return
      reason = 'reason' in message ? message.reason : undefined
    }
    throw new Error(`${say} was not answered within ${timeoutMs} ms: ${String(reason)}`)
  }

  /** The power fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('there is no port')
  return address.port
}
