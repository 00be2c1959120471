import { createHash } from 'node:crypto'

/**
 * Makes ids of the shapes the platform uses. They depend only on the AppID and the order of the calls: a
 * test reads the same ids in each run, and two bots never share one.
 */
export class Ids {
  readonly #scope: string
  #count = 0

  constructor(appId: string) {
    this.#scope = appId
  }

  #digest(): Buffer {
    this.#count += 1
    return createHash('sha256').update(`${this.#scope}:${this.#count}`).digest()
  }

  /** 32 lower-case hex digits: trace ids and the tail of event ids. */
  hex(): string {
    return this.#digest().toString('hex').slice(0, 32)
  }

  /** The id of a person or a group as one bot sees it: 32 upper-case hex digits. */
  openid(): string {
    return this.hex().toUpperCase()
  }

  /** The guild side: 19 decimal digits, more than a double can hold. */
  snowflake(): string {
    return String(10n ** 18n + (this.#digest().readBigUInt64BE() % (9n * 10n ** 18n)))
  }

  /** A channel: a short decimal number. */
  channel(): string {
    return String(7_000_000 + (this.#digest().readUInt32BE() % 90_000_000))
  }

  uuid(): string {
    return this.hex().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }

  /** A message in C2C or a group. */
  chatMessage(): string {
    return `ROBOT1.0_${this.#digest().toString('base64url').slice(0, 42)}!!`
  }

  /** A message in a guild. */
  guildMessage(): string {
    return `08${this.#digest().toString('hex').slice(0, 46)}`
  }

  /** The index by which C2C and group messages are quoted. */
  quoteIndex(): string {
    return `REFIDX_${this.#digest().toString('base64url').slice(0, 20)}==`
  }

  /** An opaque text with a prefix of its own. */
  opaque(prefix: string): string {
    return `${prefix}${this.#digest().toString('base64url').slice(0, 24)}`
  }
}
