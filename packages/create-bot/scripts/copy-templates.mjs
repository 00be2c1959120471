// Puts templates into dist, with fixed version ranges instead of what only the workspace understands.
// node scripts/copy-templates.mjs <target folder> <template>...
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'

import { parse } from 'yaml'

const root = resolve(import.meta.dirname, '../../..')
const skipped = new Set(['node_modules', 'dist', '.mynah', '.turbo'])
const [target, ...names] = process.argv.slice(2)

const { version } = await readJson(resolve(import.meta.dirname, '../package.json'))
const { catalog } = parse(await readFile(join(root, 'pnpm-workspace.yaml'), 'utf8'))

for (const name of names) {
  const from = join(root, 'templates', name)
  const to = resolve(target, name)
  await rm(to, { recursive: true, force: true })
  await mkdir(to, { recursive: true })
  await cp(from, to, { recursive: true, filter: (source) => !skipped.has(basename(source)) })
  const manifest = await readJson(join(from, 'package.json'))
  for (const field of ['dependencies', 'devDependencies', 'peerDependencies']) {
    for (const [dependency, range] of Object.entries(manifest[field] ?? {})) {
      manifest[field][dependency] = fixed(dependency, range)
    }
  }
  await writeFile(join(to, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
}

/** All packages of the workspace are released together, under one version. */
function fixed(dependency, range) {
  const result = range.startsWith('workspace:')
    ? `^${version}`
    : range === 'catalog:'
      ? catalog[dependency]
      : range
  if (!/^[~^]\d/.test(result ?? '')) throw new Error(`${dependency}: "${range}" is not a fixed range`)
  return result
}

async function readJson(file) {
  return JSON.parse(await readFile(file, 'utf8'))
}
