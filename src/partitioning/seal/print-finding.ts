import type { SealBreak, SealFinding } from './compare-seal.ts'

const WORDS: Readonly<Record<SealBreak, string>> = {
  changed: 'rows differ from the sealed ones, or stand in another order',
  added: 'there are more rows than were sealed',
  deleted: 'there are fewer rows than were sealed',
  'unknown-tenant': 'there are rows of a tenant that had none when the month was sealed',
  'damaged-seal': 'the seal itself was changed',
}

/** A finding as a line. It names the tenant by the hash of its id. */
export function printFinding({ kind, tenant, fromRow, toRow }: SealFinding): string {
  return `- tenant ${tenant}: ${WORDS[kind]}, in rows ${fromRow} to ${toRow - 1n} of the sealed order`
}
