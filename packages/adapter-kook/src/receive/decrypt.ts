import { createDecipheriv } from 'node:crypto'

import { MynahError } from '@mynah/core'

const keyBytes = 32
const ivBytes = 16

/** The key as the platform uses it: filled up with zero bytes, or cut, to 32 bytes. */
export function padKey(encryptKey: string): Buffer {
  const key = Buffer.alloc(keyBytes)
  Buffer.from(encryptKey).copy(key)
  return key
}

/**
 * Decrypts the `encrypt` of a webhook request: AES-256-CBC, in Base64, behind its IV, in Base64 again.
 *
 * @see KOOK developer documentation, "Webhook", section "消息加密".
 * @throws MynahError `FRAME_INVALID` when it was made with another key or is broken.
 */
export function decrypt(encrypted: string, encryptKey: string): string {
  const outer = Buffer.from(encrypted, 'base64')
  const cipher = Buffer.from(outer.subarray(ivBytes).toString('latin1'), 'base64')
  try {
    const decipher = createDecipheriv('aes-256-cbc', padKey(encryptKey), outer.subarray(0, ivBytes))
    return Buffer.concat([decipher.update(cipher), decipher.final()]).toString()
  } catch (cause) {
    throw new MynahError(
      'FRAME_INVALID',
      'The request cannot be decrypted; check "encryptKey" against the developer console.',
      { cause },
    )
  }
}
