import type { IncomingMessage } from 'node:http'

/** Reads the body of a request to its end; undefined when the client went away in between. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

/** A file out of a multipart form. */
export interface FormFile {
  /** The name that it was sent under. */
  readonly name: string
  /** Its media type; empty when it was not told. */
  readonly contentType: string
  /** What is in it. */
  readonly bytes: Uint8Array
}

/** A multipart form. */
export interface Form {
  /** Texts by field. */
  readonly fields: ReadonlyMap<string, string>
  /** Files by field. */
  readonly files: ReadonlyMap<string, FormFile>
}

/** Reads a `multipart/form-data` body; undefined when it is broken. */
export async function readForm(body: Buffer, contentType: string): Promise<Form | undefined> {
  const headers = { 'content-type': contentType }
  const form = await new Response(new Uint8Array(body), { headers }).formData().catch(() => undefined)
  if (form === undefined) return undefined
  const fields = new Map<string, string>()
  const files = new Map<string, FormFile>()
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.set(name, value)
    else {
      const bytes = new Uint8Array(await value.arrayBuffer())
      files.set(name, { name: value.name, contentType: value.type, bytes })
    }
  }
  return { fields, files }
}
