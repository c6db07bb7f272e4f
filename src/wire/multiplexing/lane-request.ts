import type { Lane } from './lane.ts'
import { type PlaceDesk, PlaceRequest } from './place-request.ts'
import { SharedConnection } from './shared-connection.ts'
import type { SharedWork } from './shared-work.ts'

/** Where places on lanes are had. */
export interface LaneDesk extends PlaceDesk {
  /** The lane that a batch goes to; there is one whenever a place is given. */
  chooseLane(work: SharedWork): Lane
}

/** One request for a place on a shared connection. It goes to its lane the moment it is admitted: the next moment that may be closed. */
export class LaneRequest extends PlaceRequest {
  readonly #desk: LaneDesk
  readonly #work: SharedWork
  #connection: SharedConnection | undefined

  constructor(desk: LaneDesk, work: SharedWork, timeoutMs: number) {
    super(desk, work.tenant, timeoutMs)
    this.#desk = desk
    this.#work = work
  }

  /** What it was given, once it was admitted. */
  get connection(): SharedConnection {
    if (!this.#connection) throw new Error('No place was given yet.')
    return this.#connection
  }

  override onAdmitted(): void {
    this.#connection = new SharedConnection(this.#work, this.#desk.chooseLane(this.#work), this)
    super.onAdmitted()
  }
}
