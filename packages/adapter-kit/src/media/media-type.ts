/** What kind of media some bytes are. */
export interface MediaType {
  /** Without parameters. */
  readonly mime: string
  /** Without a dot. */
  readonly extension: string
}

/** Extensions for types that have no magic bytes. */
const extensions = new Map([
  ['text/plain', 'txt'],
  ['text/html', 'html'],
  ['text/csv', 'csv'],
  ['text/markdown', 'md'],
  ['application/json', 'json'],
  ['image/svg+xml', 'svg'],
])

/**
 * Tells the type from the first bytes, and believes the source only where they say nothing.
 *
 * @param declared - The MIME type the source named.
 * @param name - The file name, for its extension.
 */
export async function detectType(
  bytes: Uint8Array,
  declared: string | undefined,
  name: string | undefined,
): Promise<MediaType> {
  if (isSilk(bytes)) return { mime: 'audio/silk', extension: 'silk' }
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(bytes)
  if (found !== undefined) return { mime: bare(found.mime), extension: found.ext }
  const mime = bare(declared ?? '')
  const extension =
    extensions.get(mime) ?? /\.([a-z0-9]{1,8})$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? 'bin'
  return { mime: mime === '' ? 'application/octet-stream' : mime, extension }
}

/** SILK, the voice format of QQ: its mark stands at the start, or after one byte in Tencent's variant. */
function isSilk(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 10)).includes('#!SILK_V')
}

function bare(mime: string): string {
  return (mime.split(';')[0] ?? '').trim().toLowerCase()
}
