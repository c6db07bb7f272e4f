import type { PeerOrder, PeerReply } from './peer-messages.ts'

/** What a slice came to. */
export type SliceDone = Extract<PeerReply, { slice: unknown }>

/** What does the work of one peer. */
export interface Worker {
  /** @throws what went wrong; the run is over then */
  work(order: PeerOrder): Promise<SliceDone>
}
