/** A replica has not replayed what a read must see. Never leaves the router. */
export class BehindSignal extends Error {
  /** What it would have to have replayed. */
  readonly lsn: bigint

  constructor(lsn: bigint) {
    super('The replica is behind what the read must see.')
    this.lsn = lsn
  }
}

/** What was a replica is none: it answered that it is not in recovery. Never leaves the router. */
export class PromotedSignal extends Error {
  constructor() {
    super('The replica has been promoted.')
  }
}
