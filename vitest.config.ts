import { defineConfig } from 'vitest/config'

const conditions = ['@mynah/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
  test: {
    include: ['packages/*/{src,test}/**/*.test.{ts,tsx}', 'bench/**/*.test.ts', 'e2e/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Many tests wait for processes of their own; a core that vitest keeps for itself would be idle.
    maxWorkers: '100%',
    unstubEnvs: true,
    restoreMocks: true,
  },
})
