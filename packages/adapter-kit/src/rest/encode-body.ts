import type { FormData } from 'undici'
import type { RestRequest } from './rest-types.ts'

/**
 * The body of a call: JSON, a multipart form or bytes.
 *
 * @param Form - undici's form, which is loaded late.
 */
export function encodeBody(
  { json, form, bytes }: RestRequest,
  Form: typeof FormData,
): string | FormData | Uint8Array | null {
  if (json !== undefined) return JSON.stringify(json)
  return form === undefined ? (bytes ?? null) : encodeForm(form, new Form())
}

function encodeForm(form: NonNullable<RestRequest['form']>, data: FormData): FormData {
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
