import { createRequire } from 'node:module'

/** Version of Mynah. */
export function readVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('../package.json')
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : 'unknown'
}
