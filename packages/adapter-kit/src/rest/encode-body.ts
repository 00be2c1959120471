import { FormData } from 'undici'
import type { RestRequest } from './rest-types.ts'

/** The body of a call: JSON, a multipart form or bytes. */
export function encodeBody({ json, form, bytes }: RestRequest): string | FormData | Uint8Array | null {
  if (json !== undefined) return JSON.stringify(json)
  return form === undefined ? (bytes ?? null) : encodeForm(form)
}

function encodeForm(form: NonNullable<RestRequest['form']>): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(form)) {
    if (typeof value !== 'object') data.append(name, String(value))
    else
      data.append(
        name,
        new Blob([Uint8Array.from(value.bytes)], { type: value.mime ?? 'application/octet-stream' }),
        value.name,
      )
  }
  return data
}
