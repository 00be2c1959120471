import type { IncomingMessage } from 'node:http'
import { parseJson } from '@mynah/emulator-kit'
import { ApiRefusal, tooLarge } from '../calls/refusal.ts'
import type { UploadedFile } from '../calls/endpoint.ts'

/** The largest body taken, in bytes; uploads included. */
const bodyLimit = 25 * 1024 * 1024

/** A parsed request body. */
export interface RequestBody {
  readonly json: unknown
  readonly files: ReadonlyMap<string, UploadedFile>
}

const unreadable = (why: string): ApiRefusal =>
  new ApiRefusal(400, 40000, { zh: '请求格式不正确', en: `The request cannot be read: ${why}.` })

/**
 * Reads the body of a request to its end.
 *
 * @throws ApiRefusal 40014 when it exceeds {@link bodyLimit}.
 */
export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size <= bodyLimit) chunks.push(bytes)
  }
  if (size > bodyLimit) throw tooLarge('request body')
  return Buffer.concat(chunks)
}

/**
 * Parses a body: JSON, or multipart forms for uploads. An empty body stands for no parameters.
 *
 * @throws ApiRefusal 40000 for anything else.
 */
export async function parseBody(bytes: Buffer, contentType: string): Promise<RequestBody> {
  if (contentType.startsWith('multipart/form-data')) return parseForm(bytes, contentType)
  if (bytes.length === 0) return { json: {}, files: new Map() }
  if (!contentType.startsWith('application/json')) {
    throw unreadable('Content-Type must be application/json or multipart/form-data')
  }
  const json = parseJson(bytes.toString('utf8'))
  if (json === undefined) throw unreadable('the body is not JSON')
  return { json, files: new Map() }
}

async function parseForm(bytes: Buffer, contentType: string): Promise<RequestBody> {
  const form = await new Response(bytes, { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined)
  if (form === undefined) throw unreadable('the multipart form is broken')
  const fields: Record<string, string> = {}
  const files = new Map<string, UploadedFile>()
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value
    else {
      const content = new Uint8Array(await value.arrayBuffer())
      files.set(name, { name: value.name, contentType: value.type, bytes: content })
    }
  }
  return { json: fields, files }
}
