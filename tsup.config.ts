import { defineConfig } from 'tsup'

/** JavaScript only: TypeScript 7 has no compiler API for tsup's declaration step, so `tsc` writes those. */
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'adapters/express/index': 'src/adapters/express/index.ts',
    'adapters/fastify/index': 'src/adapters/fastify/index.ts',
    'adapters/hono/index': 'src/adapters/hono/index.ts',
    'adapters/next/index': 'src/adapters/next/index.ts',
    'cache/index': 'src/cache/index.ts',
    'partitioning/index': 'src/partitioning/index.ts',
    'rls/index': 'src/rls/index.ts',
    'router/index': 'src/router/index.ts',
    'testing/index': 'src/testing/index.ts',
    'testing/matchers/vitest': 'src/testing/matchers/vitest.ts',
    'cli/main': 'src/cli/main.ts',
  },
  format: ['esm'],
  target: 'node22',
  platform: 'node',
  dts: false,
  sourcemap: true,
})
