import { cacheSuite } from './cache/suite.ts'
import { concurrencySuite } from './concurrency/suite.ts'
import { connectionsSuite } from './connections/suite.ts'
import { partitionsSuite } from './partitions/suite.ts'
import { profileSuite } from './profile/suite.ts'
import type { Suite } from './suite.ts'
import { tenantSuite } from './tenant/suite.ts'

/** Every suite; the first is the default. */
export const SUITES: readonly Suite[] = [
  tenantSuite,
  connectionsSuite,
  concurrencySuite,
  cacheSuite,
  partitionsSuite,
  profileSuite,
]
