/** A read stood behind one that takes long, and is to be sent again on another connection. Never leaves the library. */
export class MovedSignal extends Error {
  constructor() {
    super('A read was taken off a connection that another one keeps busy.')
  }
}
