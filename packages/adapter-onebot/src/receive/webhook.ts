import { isRecord, verifyHmacSha1 } from '@mynah/adapter-kit'
import type { HttpRequest, HttpResult, Server } from '@mynah/server'

import type { Account, TransportHost } from './host.ts'
import type { WebhookConfig } from '../config.ts'
import { WebhookAnswer } from './webhook-answer.ts'
import { parseJson } from '../wire/json.ts'
import { type Raw, readId } from '../wire/raw.ts'

/** How a webhook is made. */
export interface WebhookOptions {
  readonly host: TransportHost
  readonly config: WebhookConfig
}

/** Largest event taken, in bytes: many times the longest message. */
const maxBodyBytes = 2 * 1024 * 1024

/** Takes the events that implementations post, and answers with quick operations. */
export class Webhook {
  readonly #options: WebhookOptions
  #hasWarned = false

  constructor(options: WebhookOptions) {
    this.#options = options
  }

  /** Registers the route; the result takes it away. */
  listen(server: Server, label: string): () => void {
    const { path, secret } = this.#options.config
    return server.route('POST', path, (request) => this.answer(request), {
      label,
      guard: secret === undefined ? 'none' : 'signature',
      authorize: ({ headers }) =>
        secret === undefined ||
        headers['x-signature'] !== undefined || {
          status: 401,
          reason: 'it has no signature; put the secret of this route into the config of the implementation',
        },
      maxBodyBytes,
    })
  }

  /** Answers one request. */
  async answer({ body, headers }: HttpRequest): Promise<HttpResult> {
    const { secret, answerWithin } = this.#options.config
    if (secret !== undefined) {
      const signature = headers['x-signature']
      if (signature === undefined) return { status: 401 }
      if (!verifyHmacSha1(String(signature), secret, body)) {
        return { status: 403, reason: 'its signature is not made with the secret of this route' }
      }
    }
    const raw = readObject(body)
    if (raw === undefined) {
      return { status: 400, body: 'Not a JSON object.', reason: 'what it posted is no JSON object' }
    }
    const account = this.#accountOf(raw, readId(String(headers['x-self-id'] ?? '').trim()))
    if (account === undefined) {
      const reason = 'its account is missing, or one that the config does not list'
      return { status: 404, body: 'This account is not expected here.', reason }
    }
    account.connections.useWebhook()
    const answer = new WebhookAnswer()
    if (!(await account.receiver.push(raw, body.toString(), answer))) {
      return { status: 503, reason: 'more events came than could be handled' }
    }
    const operation = await answer.within(this.#options.host.clock, answerWithin)
    return operation === undefined ? { status: 204 } : { body: operation }
  }

  #accountOf(raw: Raw, shownId: string | undefined): Account | undefined {
    const { host, config } = this.#options
    const selfId = readId(raw['self_id']) ?? shownId
    if (selfId === undefined) return undefined
    if (shownId !== undefined && shownId !== selfId && !this.#hasWarned) {
      this.#hasWarned = true
      host.logger.warn(
        { selfId, header: shownId },
        'X-Self-ID is not the account of the event; the event counts',
      )
    }
    if (config.accounts?.includes(selfId) === false) return undefined
    return host.account(selfId)
  }
}

function readObject(body: Buffer): Raw | undefined {
  try {
    const value = parseJson(body.toString())
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
