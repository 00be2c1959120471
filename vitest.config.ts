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

/** Tests that start programs, or the whole way of a user. */
const processes = [
  'packages/{cli,create-bot,control,database}/test/**/*.test.ts',
  'bench/**/*.test.ts',
  'e2e/**/*.test.ts',
]

/** Tests that look at what the process holds, or how long something takes in it. */
const measuring = [
  'packages/core/test/leak*.test.ts',
  'packages/core/test/linear.test.ts',
  'packages/adapter-kit/src/media/load-media.test.ts',
]

export default defineConfig({
  resolve: { conditions, alias: [...wall, ...threads] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'code',
          include: ['packages/*/{src,test}/**/*.test.{ts,tsx}'],
          exclude: [...processes, ...measuring],
          // Nothing in the packages is kept between two tests, so each worker loads them once.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'processes', include: [...processes, ...measuring] } },
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
