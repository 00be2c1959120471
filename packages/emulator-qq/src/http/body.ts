import type { IncomingMessage } from 'node:http'
import { isJsonObject, type JsonObject, parseJson, readBody, readForm } from '@mynah/emulator-kit'
import { ApiRefusal } from '../calls/refusal.ts'
import type { QQFile } from '../world/message.ts'

/** What a request carries. */
export interface RequestBody {
  readonly raw: Buffer
  readonly fields: JsonObject
  readonly files: ReadonlyMap<string, QQFile>
  /** Why the body cannot be used. */
  readonly problem?: ApiRefusal
}

/** Base64 of 10 MB with room for the rest of the body: more is refused with HTTP 413. */
const limitBytes = 14_000_000

/** Reads a body to its end; undefined when the client went away in between. */
export async function readRequestBody(request: IncomingMessage): Promise<RequestBody | undefined> {
  const raw = await readBody(request)
  return raw === undefined ? undefined : decode(raw, request.headers['content-type'] ?? '')
}

async function decode(raw: Buffer, contentType: string): Promise<RequestBody> {
  const plain = { raw, fields: {}, files: new Map<string, QQFile>() }
  if (raw.length > limitBytes) return { ...plain, problem: new ApiRefusal(12002, { status: 413 }) }
  if (raw.length === 0 || contentType.startsWith('application/octet-stream')) return plain
  if (contentType.startsWith('multipart/form-data')) return decodeForm(raw, contentType)
  if (!contentType.startsWith('application/json')) {
    return { ...plain, problem: new ApiRefusal(12002, { message: 'Content-Type must be application/json' }) }
  }
  const fields = parseJson(raw.toString())
  if (!isJsonObject(fields))
    return { ...plain, problem: new ApiRefusal(12002, { message: 'the body is no JSON object' }) }
  return { ...plain, fields }
}

async function decodeForm(raw: Buffer, contentType: string): Promise<RequestBody> {
  const form = await readForm(raw, contentType)
  const fields: JsonObject = {}
  const files = new Map<string, QQFile>()
  if (form === undefined) return { raw, fields, files, problem: new ApiRefusal(50035) }
  // Objects and lists travel as JSON text in a form.
  for (const [name, value] of form.fields)
    fields[name] = /^[[{]/.test(value) ? (parseJson(value) ?? value) : value
  for (const [name, file] of form.files)
    files.set(name, { type: 1, name: file.name, content: Buffer.from(file.bytes) })
  return { raw, fields, files }
}
