import { createHash } from 'node:crypto'

/** Tells settings apart without telling what they are: secrets among them cannot be read out of it. */
export function fingerprint(...settings: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('base64url')
}
