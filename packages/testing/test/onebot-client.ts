import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'
import { Mailbox } from '../src/shared/mailbox.ts'
import { isRecord, textOfFrame, type RawEvent } from '../src/onebot/wire.ts'

/** The other side of a WebSocket: a framework that does nothing by itself. */
export class Framework {
  readonly socket: WebSocket
  readonly #frames = new Mailbox<RawEvent>()
  readonly #texts: string[] = []
  #echo = 0

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      const text = textOfFrame(data)
      this.#texts.push(text)
      const frame: unknown = JSON.parse(text)
      if (isRecord(frame)) this.#frames.push(frame)
    })
  }

  /** Every frame so far, as it came. */
  get texts(): readonly string[] {
    return this.#texts
  }

  event(accepts: (frame: RawEvent) => boolean = () => true): Promise<RawEvent> {
    return this.#frames.take((frame) => 'post_type' in frame && accepts(frame), 'an event')
  }

  answer(echo: unknown): Promise<RawEvent> {
    return this.#frames.take((frame) => frame['echo'] === echo, `the answer of ${String(echo)}`)
  }

  frame(): Promise<RawEvent> {
    return this.#frames.take(() => true, 'a frame')
  }

  call(action: string, params: Record<string, unknown> = {}): Promise<RawEvent> {
    this.#echo += 1
    const echo = `c-${this.#echo}`
    this.socket.send(JSON.stringify({ action, params, echo }))
    return this.answer(echo)
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return
    const gone = once(this.socket, 'close')
    this.socket.terminate()
    await gone
  }
}

/** Dials a forward WebSocket. */
export async function dial(url: string, options: ClientOptions = {}): Promise<Framework> {
  const socket = new WebSocket(url, options)
  const framework = new Framework(socket)
  await once(socket, 'open')
  return framework
}
