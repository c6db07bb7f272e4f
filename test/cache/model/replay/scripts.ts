import { BEGIN } from '../../../../src/cache/fences/begin.lua.ts'
import { CLAIM } from '../../../../src/cache/fences/claim.lua.ts'
import { FINISH } from '../../../../src/cache/fences/finish.lua.ts'
import { LEASE } from '../../../../src/cache/fences/lease.lua.ts'
import { RELEASE } from '../../../../src/cache/fences/release.lua.ts'
import { STORE } from '../../../../src/cache/fences/store.lua.ts'

/** The scripts of the fences, by name. */
export const SCRIPTS: Readonly<Record<ScriptName, string>> = {
  lease: LEASE,
  store: STORE,
  release: RELEASE,
  begin: BEGIN,
  finish: FINISH,
  claim: CLAIM,
}
export type ScriptName = 'lease' | 'store' | 'release' | 'begin' | 'finish' | 'claim'
