import { cacheSuite } from './cache-suite.ts'
import { cutsSuite } from './cuts-suite.ts'
import { deadlinesSuite } from './deadlines-suite.ts'
import { isolationSuite, multiplexingSuite } from './isolation-suite.ts'
import { partitionsSuite } from './partitions-suite.ts'
import { routerSuite } from './router-suite.ts'
import type { SoakSuite } from './suite.ts'

/** Every suite of `npm run soak`. */
export const SUITES: readonly SoakSuite[] = [
  isolationSuite,
  multiplexingSuite,
  cutsSuite,
  deadlinesSuite,
  routerSuite,
  cacheSuite,
  partitionsSuite,
]
