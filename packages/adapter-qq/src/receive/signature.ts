import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

const seedBytes = 32
const signatureBytes = 64
/** PKCS #8 of an ed25519 key, up to its seed. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex')
/** Set in no signature: its second half is a number below 2^253. */
const forbiddenBits = 0xe0

/** The seed of a bot's key: its secret, repeated until it is long enough (official docs: "Webhook", signatures). */
export function signatureSeed(secret: string): Buffer {
  let bytes = Buffer.from(secret)
  while (bytes.length < seedBytes) bytes = Buffer.concat([bytes, bytes])
  return bytes.subarray(0, seedBytes)
}

/** The key that signs and verifies for one bot. */
export class SignatureKey {
  readonly #private: KeyObject
  readonly #public: KeyObject

  /** @param secret - Not empty. */
  constructor(secret: string) {
    const der = Buffer.concat([pkcs8Head, signatureSeed(secret)])
    this.#private = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    this.#public = createPublicKey(this.#private)
  }

  /** The public key in hex. */
  get publicKey(): string {
    return this.#public.export({ format: 'der', type: 'spki' }).subarray(-seedBytes).toString('hex')
  }

  /** Signs a text. @returns The signature in hex. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#private).toString('hex')
  }

  /** Whether a signature in hex covers a timestamp and the bytes of a body. */
  verify(signature: string, timestamp: string, body: Uint8Array): boolean {
    if (!/^[0-9a-f]{128}$/i.test(signature)) return false
    const bytes = Buffer.from(signature, 'hex')
    if (((bytes[signatureBytes - 1] ?? 0xff) & forbiddenBits) !== 0) return false
    return verify(null, Buffer.concat([Buffer.from(timestamp), body]), this.#public, bytes)
  }
}
