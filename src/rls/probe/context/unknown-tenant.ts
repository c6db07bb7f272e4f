import { randomUUID } from 'node:crypto'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Near the end of a four-byte integer, so that it fits whatever integer the column is. */
const HIGH = 2_147_480_000

/** Makes up an id of the same form as those of the tenants, which nobody has. */
export function unknownTenantId(ids: readonly string[]): string {
  if (ids.every((id) => UUID.test(id))) return randomUUID()
  const free = (id: string) => !ids.includes(id)
  if (ids.every((id) => /^-?\d+$/.test(id))) {
    return [HIGH, HIGH + 1, HIGH + 2].map(String).find(free) ?? String(HIGH + 3)
  }
  return randomUUID()
}
