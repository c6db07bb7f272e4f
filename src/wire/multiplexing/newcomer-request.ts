import { type PlaceDesk, PlaceRequest } from './place-request.ts'
import type { SharedWork } from './shared-work.ts'

/** One request for the place of work of which nobody knows yet how long it takes. */
export class NewcomerRequest extends PlaceRequest {
  readonly work: SharedWork

  constructor(desk: PlaceDesk, work: SharedWork, timeoutMs: number) {
    super(desk, work.tenant, timeoutMs)
    this.work = work
  }
}
