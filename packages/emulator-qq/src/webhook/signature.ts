import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

const seedLength = 32
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The ed25519 seed of a bot secret: its UTF-8 bytes, repeated until they fill 32, cut there. */
export function signatureSeed(secret: string): Buffer {
  const bytes = Buffer.from(secret)
  return Buffer.alloc(seedLength, bytes)
}

/** The key pair the platform derives from a bot secret (official docs: "Webhook", signing). */
export class SignatureKey {
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject

  constructor(secret: string) {
    const der = Buffer.concat([pkcs8Prefix, signatureSeed(secret)])
    this.#privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    this.#publicKey = createPublicKey(this.#privateKey)
  }

  /** The public key as 64 hex digits. */
  get publicKey(): string {
    return this.#publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')
  }

  /** Signs `prefix` (a timestamp as text) followed by `content`; 128 hex digits. */
  sign(prefix: string, content: string | Uint8Array): string {
    return sign(null, joined(prefix, content), this.#privateKey).toString('hex')
  }

  /** Whether `signature` (hex) is ours over `prefix` followed by `content`. */
  verify(prefix: string, content: string | Uint8Array, signature: string): boolean {
    const bytes = Buffer.from(signature, 'hex')
    if (!/^[0-9a-f]{128}$/i.test(signature)) return false
    return verify(null, joined(prefix, content), this.#publicKey, bytes)
  }
}

const joined = (prefix: string, content: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(prefix), typeof content === 'string' ? Buffer.from(content) : content])
