import { fileURLToPath } from 'node:url'

import { build } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The program of a thread that holds a file, as one module without imports of its own. */
    readonly threadProgram: string
  }
}

const source = new URL('../src/sqlite/thread.ts', import.meta.url)

/** Bundles the program of a thread before the tests run: Node 20 starts no thread with TypeScript. */
export default async function setup(project: TestProject): Promise<void> {
  await provide(project)
  project.onTestsRerun(() => provide(project))
}

async function provide(project: TestProject): Promise<void> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    // Packages are looked for from where the source is.
    define: { 'import.meta.url': JSON.stringify(source.href) },
    build: { write: false, ssr: fileURLToPath(source), minify: false, target: 'node20' },
  })
  const [chunk] = 'output' in built ? built.output : []
  if (chunk?.type !== 'chunk') throw new Error('The program of the thread was not built.')
  project.provide('threadProgram', chunk.code)
}
