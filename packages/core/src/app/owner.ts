import { basename, dirname, sep } from 'node:path'

import type { PluginInstance } from '../context/instance.ts'
import { stackSites } from '../shared/stack.ts'

/** The folder or file that belongs to a plugin: its package, its folder when it is an index file, else its file. */
function territory(file: string): string {
  const marker = `${sep}node_modules${sep}`
  const start = file.lastIndexOf(marker)
  if (start >= 0) {
    const parts = file.slice(start + marker.length).split(sep)
    const name = parts[0]?.startsWith('@') === true ? parts.slice(0, 2) : parts.slice(0, 1)
    return file.slice(0, start + marker.length) + name.join(sep) + sep
  }
  return /^index\.[cm]?[jt]sx?$/.test(basename(file)) ? dirname(file) + sep : file
}

/** The plugin whose code an error came through, told by its stack; `undefined` when it is nobody's. */
export function ownerOf(error: unknown, instances: Iterable<PluginInstance>): PluginInstance | undefined {
  const sites = error instanceof Error ? stackSites(error.stack) : []
  const candidates = Array.from(instances, (instance) => ({ instance, source: instance.plugin.source?.file }))
  for (const { file } of sites) {
    let best: { instance: PluginInstance; length: number } | undefined
    for (const { instance, source } of candidates) {
      if (source === undefined) continue
      const land = territory(source)
      const isInside = file === source || (land.endsWith(sep) && file.startsWith(land))
      if (isInside && land.length > (best?.length ?? 0)) best = { instance, length: land.length }
    }
    if (best !== undefined) return best.instance
  }
  return undefined
}
