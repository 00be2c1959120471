import type { RawMedia } from './download.ts'
import { mediaRefused, tooLarge } from './media-error.ts'

/** Longest head of a `data:` address, in characters. */
const maxHead = 1000
const percent = '%'.charCodeAt(0)

/** Decodes `data:…` (RFC 2397). Looks at the length first, so that what is too large costs nothing. */
export function decodeDataUri(uri: string, maxBytes: number): RawMedia {
  const comma = uri.slice(0, maxHead).indexOf(',')
  if (comma < 0) throw mediaRefused('The data: address has no comma.')
  const [mime = '', ...parameters] = uri.slice('data:'.length, comma).split(';')
  // An escaped byte takes three characters, an escaped character of Base64 stands for three quarters of one.
  if (uri.length - comma - 1 > maxBytes * 4 + 16) throw tooLarge(maxBytes)
  const data = percentDecode(uri.slice(comma + 1))
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === 'base64'
  const bytes = isBase64 ? decodeBase64(data.toString('latin1')) : data
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  return { bytes, mime: mime === '' ? 'text/plain' : mime }
}

function decodeBase64(text: string): Buffer {
  const compact = text.replace(/\s+/g, '')
  if (!/^[\w+/-]*={0,2}$/.test(compact)) throw mediaRefused('The content is not Base64.')
  return Buffer.from(compact, 'base64')
}

function percentDecode(text: string): Buffer {
  const bytes = Buffer.from(text)
  if (!text.includes('%')) return bytes
  let length = 0
  for (let index = 0; index < bytes.length; index += 1) {
    const escaped = bytes[index] === percent ? bytes.toString('latin1', index + 1, index + 3) : ''
    const isEscape = /^[0-9a-f]{2}$/i.test(escaped)
    bytes[length] = isEscape ? Number.parseInt(escaped, 16) : (bytes[index] ?? 0)
    if (isEscape) index += 2
    length += 1
  }
  return bytes.subarray(0, length)
}
