import { defineConfig } from 'vitest/config'

/** Two cores carry the servers too, so no more than two files of servers' tests run at once. */
const WORKERS = 2

export default defineConfig({
  test: {
    reporters: process.env.LEASEHOLD_TEST_REPORT ? ['default', 'json'] : ['default'],
    ...(process.env.LEASEHOLD_TEST_REPORT ? { outputFile: { json: process.env.LEASEHOLD_TEST_REPORT } } : {}),
    maxWorkers: WORKERS,
    testTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.{rig,long,e2e}.test.ts'] },
      },
      {
        // Without servers, and too long to wait for between two edits.
        extends: true,
        test: { name: 'long', include: ['test/**/*.long.test.ts'], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'rig',
          include: ['test/**/*.rig.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
