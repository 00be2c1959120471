import { randomBytes, randomUUID } from 'node:crypto'

/**
 * Ids as the platform makes them. Guild and channel ids are odd and above 2^53, so a client that turns one
 * into a Number changes it and its next call fails.
 */
export class Ids {
  #snowflake = 9_300_000_000_000_001n
  #user = 2_418_200_001
  #small = 1_000

  /** The id of a guild or channel. */
  snowflake(): string {
    this.#snowflake += 2n
    return String(this.#snowflake)
  }

  user(): string {
    this.#user += 7
    return String(this.#user)
  }

  /** An integer id: role, game, friend request. */
  integer(): number {
    this.#small += 1
    return this.#small
  }

  /** The id of a message or notification. */
  message(): string {
    return randomUUID()
  }

  hex(bytes: number): string {
    return randomBytes(bytes).toString('hex')
  }
}
