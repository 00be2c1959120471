import type { RawMedia } from './download.ts'
import { mediaRefused, tooLarge } from './media-error.ts'

/** Decodes `base64://…` (OneBot v11, "image": file). */
export function decodeBase64Uri(uri: string, maxBytes: number): RawMedia {
  return { bytes: decodeBase64(uri.slice('base64://'.length), maxBytes) }
}

/** Decodes `data:…` (RFC 2397). */
export function decodeDataUri(uri: string, maxBytes: number): RawMedia {
  const comma = uri.indexOf(',')
  if (comma < 0) throw mediaRefused('The data: address has no comma.')
  const [mime = '', ...parameters] = uri.slice('data:'.length, comma).split(';')
  const data = uri.slice(comma + 1)
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === 'base64'
  const bytes = isBase64 ? decodeBase64(percentDecode(data).toString(), maxBytes) : percentDecode(data)
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  return { bytes, mime: mime === '' ? 'text/plain' : mime }
}

function decodeBase64(text: string, maxBytes: number): Buffer {
  const compact = text.replace(/\s+/g, '')
  if (!/^[\w+/-]*={0,2}$/.test(compact)) throw mediaRefused('The content is not Base64.')
  if ((compact.length * 3) / 4 > maxBytes + 2) throw tooLarge(maxBytes)
  const bytes = Buffer.from(compact, 'base64')
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  return bytes
}

function percentDecode(text: string): Buffer {
  if (!text.includes('%')) return Buffer.from(text)
  const parts = text.split(/%([0-9a-f]{2})/i)
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : Buffer.from(part, 'hex'))),
  )
}
