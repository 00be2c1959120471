import { createCipheriv, randomBytes } from 'node:crypto'

/**
 * Encrypts the JSON of a webhook frame: AES-256-CBC with the key padded by zero bytes to 32, base64, the IV's
 * 16 characters in front, base64 again.
 *
 * @param iv - 16 ASCII characters. @defaultValue random hex digits
 * @see KOOK developer documentation, "Webhook", section on the encrypt key.
 */
export function encryptFrame(
  plainText: string,
  encryptKey: string,
  iv: string = randomBytes(8).toString('hex'),
): string {
  const key = Buffer.alloc(32)
  Buffer.from(encryptKey, 'utf8').copy(key)
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.from(iv, 'ascii'))
  const inner = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]).toString('base64')
  return Buffer.from(iv + inner, 'ascii').toString('base64')
}
