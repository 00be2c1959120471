import { extname } from 'node:path'
import type { AssetState } from './model.ts'
import type { World } from './world.ts'

const signatures: readonly [contentType: string, offset: number, bytes: readonly number[]][] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', 8, [0x57, 0x45, 0x42, 0x50]],
  ['video/mp4', 4, [0x66, 0x74, 0x79, 0x70]],
  ['audio/mpeg', 0, [0x49, 0x44, 0x33]],
  ['audio/wav', 8, [0x57, 0x41, 0x56, 0x45]],
  ['audio/ogg', 0, [0x4f, 0x67, 0x67, 0x53]],
]

/** The media type the server derives from the bytes; `application/octet-stream` for what it does not know. */
export function sniffContentType(bytes: Uint8Array): string {
  const found = signatures.find(([, offset, signature]) =>
    signature.every((byte, index) => bytes[offset + index] === byte),
  )
  return found?.[0] ?? 'application/octet-stream'
}

/** Stores an upload and gives it its URL. */
export function storeAsset(
  world: World,
  ownerId: string,
  file: { name: string; bytes: Uint8Array },
): AssetState {
  const contentType = sniffContentType(file.bytes)
  const folder = contentType.startsWith('image/') ? 'assets' : 'attachments'
  const asset: AssetState = {
    url: `${world.assetBaseUrl()}/assets/${folder}/${world.ids.hex(10)}${extname(file.name)}`,
    name: file.name,
    contentType,
    bytes: file.bytes,
    ownerId,
  }
  world.assets.set(asset.url, asset)
  return asset
}
