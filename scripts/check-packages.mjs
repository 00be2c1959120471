// Packs every package the way it is published and checks what a user would get: publint and attw.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

import { pnpm } from './setup.mjs'

// The packages are ESM only: how CommonJS resolvers of old see them does not count.
const ignoredResolutions = new Set(['node10', 'node16-cjs'])

const folder = await mkdtemp(join(tmpdir(), 'mynah-pack-'))
let failures = 0
try {
  await pnpm('--recursive', '--filter', './packages/*', 'exec', 'pnpm', 'pack', '--pack-destination', folder)
  for (const name of (await readdir(folder)).sort()) {
    const tarball = await readFile(join(folder, name))
    for (const problem of [...(await lint(tarball)), ...(await types(tarball))]) {
      failures += 1
      console.error(`${name}: ${problem}`)
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
if (failures > 0) process.exit(1)

async function lint(tarball) {
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) },
  })
  return messages.map((message) => formatMessage(message, pkg) ?? message.code)
}

async function types(tarball) {
  const analysis = await checkPackage(createPackageFromTarballData(tarball))
  if (analysis.types === false) return ['has no types']
  return analysis.problems
    .filter((problem) => !ignoredResolutions.has(problem.resolutionKind))
    .map((problem) => `${problem.kind} ${problem.entrypoint ?? ''} ${problem.resolutionKind ?? ''}`)
}
