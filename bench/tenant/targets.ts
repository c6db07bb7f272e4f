import { HAND_WRITTEN, LEASEHOLD, RAW_NAMED } from '../patients/peers/connect-peer.ts'
import type { Target } from '../report/targets.ts'

/** The performance rows that hold for one statement that reads. */
export const TENANT_TARGETS: readonly Target[] = [
  { scenario: 'read, loopback', peer: LEASEHOLD, to: RAW_NAMED, atLeast: 0.7, goal: 0.8 },
  { scenario: 'read, +1 ms each way', peer: LEASEHOLD, to: RAW_NAMED, atLeast: 0.9, goal: 0.97 },
  { scenario: 'read, loopback', peer: LEASEHOLD, to: HAND_WRITTEN, atLeast: 2, goal: 2.5 },
  { scenario: 'read, +1 ms each way', peer: LEASEHOLD, to: HAND_WRITTEN, atLeast: 4.5, goal: 5 },
]
