import { afterAll, beforeAll } from 'vitest'
import type { Platform, PlatformOptions } from '../../../examples/platform/platform.ts'
import { startPlatform } from '../../../examples/platform/start-platform.ts'

/** The start of a platform whose apps have to be built first. */
const START_LIMIT_MS = 400_000
const STOP_LIMIT_MS = 40_000

/** Starts a platform for the tests of a file; ask what it returns for it, from a test. */
export function usePlatform(options: PlatformOptions = {}): () => Platform {
  let platform: Platform | undefined
  beforeAll(async () => {
    platform = await startPlatform(options)
  }, START_LIMIT_MS)
  afterAll(() => platform?.stop(), STOP_LIMIT_MS)
  return () => {
    if (platform) return platform
    throw new Error('The platform has not been started: ask for it in a test.')
  }
}
