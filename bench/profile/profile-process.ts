import { createHistogram } from 'node:perf_hooks'
import { runSlice } from '../patients/load.ts'
import type { PeerOptions } from '../patients/peer.ts'
import { PEERS } from '../patients/peers/connect-peer.ts'
import { type CpuProfile, profileCpu } from './cpu-profile.ts'

/* One peer in a process of its own, which reads, then reads once more while it is profiled, answers, and ends with who started it. */

/** What is to be profiled. */
export interface ProfileStart {
  readonly peer: string
  readonly options: PeerOptions
  readonly callers: number
  readonly warmUpMs: number
  readonly durationMs: number
}

/** What was found. */
export interface ProfileReply extends CpuProfile {
  readonly operations: number
  readonly foreignRows: number
}

const { peer: name, options, callers, warmUpMs, durationMs }: ProfileStart = JSON.parse(process.argv[2] ?? '')
const connect = PEERS.get(name)
if (!connect) throw new Error(`There is no peer ${name}.`)
const peer = await connect(options)
const read = (ms: number) => runSlice(peer, 'read', callers, ms, createHistogram())

await read(warmUpMs)
const { profile, value } = await profileCpu(() => read(durationMs))
process.on('disconnect', () => process.exit())
const reply: ProfileReply = { ...profile, operations: value.operations, foreignRows: value.foreignRows }
process.send?.(reply)
