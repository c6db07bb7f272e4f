import { ConnectError } from '../errors/connection.ts'
import type { TenantSource } from './tenant-source.ts'
import { WireConnection } from './wire-connection.ts'

/**
 * Ends what is under way on a server that is not expected to answer any more: connections that are out are destroyed, and those who wait
 * for one are told. The source goes on; who asks next may find the server back.
 */
export function giveUpSource({ admission, multiplexer }: TenantSource, cause: unknown): void {
  // As one that could not be reached: a read goes elsewhere at once.
  const error = new ConnectError(cause)
  multiplexer?.endAll(error)
  admission.endAll(error, (client) => WireConnection.of(client).destroy(error))
}
