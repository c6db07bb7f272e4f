import { defineConfig } from 'vitest/config'

/** Browser tests: one platform for all of them, so one file at a time. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.test.ts'],
    reporters: process.env.LEASEHOLD_TEST_REPORT ? ['default', 'json'] : ['default'],
    ...(process.env.LEASEHOLD_TEST_REPORT ? { outputFile: { json: process.env.LEASEHOLD_TEST_REPORT } } : {}),
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
})
