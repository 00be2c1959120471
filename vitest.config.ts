import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vitest/config'

const conditions = ['@mynah/source']

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * `LOOP_BACK=1` runs suites with a wall between accounts and plugins: whatever crosses it is copied through JSON, as
 * between two processes.
 */
const wall =
  process.env['LOOP_BACK'] === undefined
    ? []
    : [
        {
          find: './connect-hatches.ts',
          replacement: join(here, 'packages/core/test/loop-back/connect-hatches.ts'),
        },
      ]

/** Node 20 starts no thread with TypeScript. */
const threads = [
  { find: './thread-file.ts', replacement: join(here, 'packages/database/test/thread-file.ts') },
]

export default defineConfig({
  resolve: { conditions, alias: [...wall, ...threads] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'bench/**/*.test.ts', 'e2e/**/*.test.ts'],
    globalSetup: ['packages/database/test/thread-program.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Many tests wait for processes of their own; a core that vitest keeps for itself would be idle.
    maxWorkers: '100%',
    unstubEnvs: true,
    restoreMocks: true,
  },
})
