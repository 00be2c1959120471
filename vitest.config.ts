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

/** Tests of what works in memory alone. */
const inMemory = ['packages/*/src/**/*.test.{ts,tsx}', 'packages/core/test/**/*.test.{ts,tsx}']

/** Tests that look at what the process holds and warns of, how long something takes in it, or at sockets. */
const measuring = [
  'packages/core/test/{leak,linear,linger}*.test.ts',
  'packages/testing/src/app/leaks.test.ts',
  'packages/adapter-kit/src/{media,rest,socket}/**/*.test.ts',
  'packages/server/src/**/*.test.ts',
]

export default defineConfig({
  resolve: { conditions, alias: [...wall, ...threads] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'in memory',
          include: inMemory,
          exclude: measuring,
          // Nothing in the packages is kept between two tests, so each worker loads them once.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'real parts',
          include: [
            'packages/!(core)/test/**/*.test.{ts,tsx}',
            'bench/**/*.test.ts',
            'e2e/**/*.test.ts',
            ...measuring,
          ],
        },
      },
    ],
    globalSetup: ['packages/database/test/thread-program.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Many tests wait for processes of their own; a core that vitest keeps for itself would be idle.
    maxWorkers: '100%',
    unstubEnvs: true,
    restoreMocks: true,
  },
})
