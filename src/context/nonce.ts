import { randomBytes } from 'node:crypto'

const prefix = `${randomBytes(6).toString('base64url')}.`
let count = 0

/**
 * A string that no other request of this or another process carries. It need not be secret: it proves that
 * a reply belongs to its request, not who sent it.
 */
export function createNonce(): string {
  count += 1
  return prefix + count.toString(36)
}
