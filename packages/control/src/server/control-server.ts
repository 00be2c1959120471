import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'

import { thrownError } from '@mynah/core'

import { ControlError } from '../errors.ts'
import { protocolVersion, questions, streams } from '../protocol/requests.ts'
import type { LocalControl } from '../running/local-control.ts'
import { type Place, placesOf, preparePlace } from '../protocol/place.ts'
import { readRunFile, writeRunFile } from '../protocol/run-file.ts'
import { isAnswering } from '../client/connection.ts'

/** How often is looked whether a bot that runs in the same folder is gone, in ms. */
const lookAgainMs = 1000
/** Longest question, in bytes. */
const maxQuestionBytes = 1_000_000

/** How a bot lets itself be asked. */
export interface ControlServerOptions {
  /** Folder of the project. */
  readonly root: string
  /** Answers. */
  readonly control: LocalControl
  /** When the process began to start the bot, in ms since 1970. */
  readonly startedAt: number
  /** Hears in words why the bot cannot be asked. */
  readonly onProblem: (problem: string) => void
}

/** Lets others on this machine ask a bot, who are the same user. */
export class ControlServer {
  readonly #options: ControlServerOptions
  readonly #token = randomBytes(24).toString('base64url')
  #server: Server | undefined
  #place: Place | undefined
  #retry: NodeJS.Timeout | undefined
  #isClosed = false

  private constructor(options: ControlServerOptions) {
    this.#options = options
  }

  /** Opens it. Never throws: a bot that cannot be asked goes on. */
  static async start(options: ControlServerOptions): Promise<ControlServer> {
    const server = new ControlServer(options)
    await server.#open(true)
    return server
  }

  /** The socket or named pipe; `undefined` while there is none. */
  get address(): string | undefined {
    return this.#place?.address
  }

  async #open(isFirst: boolean): Promise<void> {
    const problems: string[] = []
    for (const place of placesOf(this.#options.root)) {
      const other = readRunFile(place.runFile)
      if (other !== undefined && other.pid !== process.pid && (await isAnswering(other.address))) {
        this.#waitForEnd(other.pid, isFirst)
        return
      }
      try {
        await this.#listen(place)
        return
      } catch (error) {
        problems.push(`${place.address}: ${thrownError(error).message}`)
      }
    }
    this.#options.onProblem(`Nobody can ask this bot (bot status, bot stop): ${problems.join('; ')}`)
  }

  /** Another process runs the same folder: a start that overlaps with the stop before it, or a second bot. */
  #waitForEnd(pid: number, isFirst: boolean): void {
    if (isFirst)
      this.#options.onProblem(
        `Process ${pid} runs this bot, too; bot status and bot stop mean that one until it ends`,
      )
    this.#retry = setTimeout(() => void this.#open(false), lookAgainMs).unref()
  }

  async #listen(place: Place): Promise<void> {
    preparePlace(place)
    const isPipe = process.platform === 'win32'
    if (!isPipe) rmSync(place.address, { force: true })
    // Not before the bot has started: it is the slowest part of this package.
    const { createServer } = await import('node:http')
    const server = createServer((request, response) => void this.#answer(request, response))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(place.address, resolve)
    })
    if (this.#isClosed) {
      server.close()
      return
    }
    server.unref()
    this.#server = server
    this.#place = place
    if (!isPipe) chmodSync(place.address, 0o600)
    writeRunFile(place.runFile, {
      protocol: protocolVersion,
      pid: process.pid,
      address: place.address,
      token: this.#token,
      startedAt: this.#options.startedAt,
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.#isAllowed(request)) {
        response.writeHead(401).end()
        return
      }
      const [, version, name = ''] = request.url?.split('/') ?? []
      if (version !== `v${protocolVersion}`)
        throw new ControlError('CONTROL_VERSION', `This bot understands version ${protocolVersion} of bot.`)
      const params: unknown = JSON.parse(await readBody(request))
      if (isNameOf(questions, name)) {
        const answer = await this.#options.control.answer(name, params)
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
      } else if (isNameOf(streams, name)) await this.#stream(name, params, response)
      else throw new ControlError('CONTROL_INVALID', `There is no "${name}" that could be asked for.`)
    } catch (error) {
      const { code = 'CONTROL_FAILED', message } = ControlError.is(error)
        ? error
        : { message: thrownError(error).message }
      if (response.headersSent) response.destroy()
      else
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ code, message }))
    }
  }

  async #stream(name: keyof typeof streams, params: unknown, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const items = this.#options.control.items(name, params, gone.signal)
    let isBegun = false
    for await (const item of items) {
      if (!isBegun) response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      isBegun = true
      if (!response.write(`${JSON.stringify(item)}\n`) && !gone.signal.aborted)
        await new Promise((resolve) => {
          response.once('drain', resolve)
          gone.signal.addEventListener('abort', resolve, { once: true })
        })
    }
    response.end()
  }

  #isAllowed({ headers }: IncomingMessage): boolean {
    const shown = Buffer.from(headers.authorization ?? '')
    const wanted = Buffer.from(`Bearer ${this.#token}`)
    return shown.length === wanted.length && timingSafeEqual(shown, wanted)
  }

  /** Takes nothing more; what is being answered ends at once. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#retry)
    const place = this.#place
    const server = this.#server
    if (server === undefined || place === undefined) return
    if (readRunFile(place.runFile)?.token === this.#token) rmSync(place.runFile, { force: true })
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }
}

function isNameOf<Table extends object>(table: Table, name: string): name is keyof Table & string {
  return Object.hasOwn(table, name)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length > maxQuestionBytes) throw new ControlError('CONTROL_INVALID', 'The question is too long.')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
