import { audit } from './audit.ts'
import type { Command } from './command.ts'
import { PARTITION_COMMANDS } from './partitions/index.ts'
import { probe } from './probe.ts'
import { rlsGenerate } from './rls.ts'
import { rlsRollout } from './rls-rollout.ts'

/** Every command, in the order in which usage shows them. */
export const COMMANDS: readonly Command[] = [rlsGenerate, rlsRollout, audit, probe, ...PARTITION_COMMANDS]
