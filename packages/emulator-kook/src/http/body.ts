import { type FormFile, parseJson, readForm } from '@mynah/emulator-kit'
import { ApiRefusal, tooLarge } from '../calls/refusal.ts'

/** The largest body taken, in bytes; uploads included. */
const bodyLimit = 25 * 1024 * 1024

/** A parsed request body. */
export interface RequestBody {
  readonly json: unknown
  readonly files: ReadonlyMap<string, FormFile>
}

const unreadable = (why: string): ApiRefusal =>
  new ApiRefusal(400, 40000, { zh: '请求格式不正确', en: `The request cannot be read: ${why}.` })

/**
 * Parses a body: JSON, or multipart forms for uploads. An empty body stands for no parameters.
 *
 * @throws ApiRefusal 40000 for anything else, 40014 when it exceeds {@link bodyLimit}.
 */
export async function parseBody(bytes: Buffer, contentType: string): Promise<RequestBody> {
  if (bytes.length > bodyLimit) throw tooLarge('request body')
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
  const form = await readForm(bytes, contentType)
  if (form === undefined) throw unreadable('the multipart form is broken')
  return { json: Object.fromEntries(form.fields), files: form.files }
}
