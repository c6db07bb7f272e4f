import type { Command } from '../command.ts'
import { partitionsAdopt } from './adopt.ts'
import { partitionsApply } from './apply.ts'
import { partitionsCheck } from './check.ts'
import { partitionsConvert } from './convert.ts'
import { partitionsExplain } from './explain.ts'
import { partitionsHold } from './hold.ts'
import { partitionsPlan } from './plan.ts'
import { partitionsRestore } from './restore.ts'
import { partitionsSetup } from './setup.ts'
import { partitionsUnconvert } from './unconvert.ts'
import { partitionsVerify } from './verify.ts'

/** The commands of `leasehold partitions`, in the order in which usage shows them. */
export const PARTITION_COMMANDS: readonly Command[] = [
  partitionsSetup,
  partitionsPlan,
  partitionsApply,
  partitionsCheck,
  partitionsExplain,
  partitionsHold,
  partitionsVerify,
  partitionsRestore,
  partitionsAdopt,
  partitionsConvert,
  partitionsUnconvert,
]
