import type { ConnectCachePeer } from '../peer.ts'
import { connectAsyncCacheDedupe } from './async-cache-dedupe.ts'
import { connectBentocacheL1L2, connectBentocacheL2 } from './bentocache.ts'
import { connectCacheAside } from './cache-aside.ts'
import { connectCacheManager } from './cache-manager.ts'
import { connectCacheable } from './cacheable.ts'
import { connectCachified } from './cachified.ts'
import { connectLayeredLoader } from './layered-loader.ts'
import { connectLeasehold, connectLeaseholdLocal, connectLeaseholdRemote } from './leasehold.ts'
import { connectRaw } from './raw.ts'

/** What every ratio is taken to. */
export const RAW = 'raw GET + JSON.parse'
export const LEASEHOLD = 'leasehold'
export const LEASEHOLD_LOCAL = 'leasehold local: true'
const LEASEHOLD_REMOTE = 'leasehold local: false'

/** Every peer, in the order of the table. One more is one more line here, and one file beside this. */
export const PEERS: ReadonlyMap<string, ConnectCachePeer> = new Map([
  [RAW, connectRaw],
  ['cache-aside', connectCacheAside],
  [LEASEHOLD, connectLeasehold],
  [LEASEHOLD_LOCAL, connectLeaseholdLocal],
  [LEASEHOLD_REMOTE, connectLeaseholdRemote],
  ['bentocache L2', connectBentocacheL2],
  ['bentocache L1+L2', connectBentocacheL1L2],
  ['async-cache-dedupe', connectAsyncCacheDedupe],
  ['layered-loader', connectLayeredLoader],
  ['cacheable L1+L2', connectCacheable],
  ['cache-manager', connectCacheManager],
  ['cachified', connectCachified],
])
