import type { HttpApi } from '../http.ts'
import { Resource } from './resource.ts'

/** 0 done, 1 failed, 2 too frequent, 3 repeated, 4 no permission, 5 managers only. */
export type AckCode = 0 | 1 | 2 | 3 | 4 | 5

/** Clicks. */
export class InteractionApi extends Resource {
  readonly #appId: string

  /** @param appId - The bot that answers. */
  constructor(http: HttpApi, appId: string) {
    super(http)
    this.#appId = appId
  }

  /** @param id - The inner id of the interaction. @see Official docs: "Interaction", answer. */
  async acknowledge(id: string, code: AckCode): Promise<void> {
    await this.call('PUT /interactions/{interaction_id}', [id], {
      json: { code },
      headers: { 'x-callback-appid': this.#appId },
      // The answer is empty, or no JSON.
      expect: 'bytes',
    })
  }
}
