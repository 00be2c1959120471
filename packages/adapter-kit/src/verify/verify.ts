import { createHmac, hash, timingSafeEqual } from 'node:crypto'

/**
 * Compares a secret in constant time; lengths do not show either.
 *
 * @param actual - What came; `undefined` is never equal.
 */
export function secretsEqual(
  actual: string | Uint8Array | undefined,
  expected: string | Uint8Array,
): boolean {
  if (actual === undefined) return false
  return timingSafeEqual(hash('sha256', actual, 'buffer'), hash('sha256', expected, 'buffer'))
}

/**
 * Checks a header of the form `sha1=<hex>`, the HMAC-SHA1 of a body (OneBot v11, "HTTP POST": `X-Signature`).
 *
 * @param header - The header's value; `undefined` when it was not there.
 * @param body - The bytes as they came, not a text made of them.
 */
export function verifyHmacSha1(header: string | undefined, secret: string, body: Uint8Array): boolean {
  const match = /^sha1=([0-9a-f]{40})$/i.exec(header?.trim() ?? '')
  const digest = createHmac('sha1', secret).update(body).digest('hex')
  return secretsEqual(match?.[1]?.toLowerCase(), digest)
}
