/**
 * Writes the table of rules in `docs/audit.md` from the rules, and from what they find in the corpus of the tests.
 *
 *     node scripts/write-audit-docs.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startRig } from '../src/testing/rig/start-rig.ts'
import { writeAuditPage } from './audit-docs.ts'

const path = join(import.meta.dirname, '../docs/audit.md')
await using rig = await startRig({ standbys: 0, redis: false })
// Of a name that no sentence has otherwise.
const database = await rig.createDatabase()
const client = new pg.Client({ connectionString: rig.primary.url({ user: 'postgres', database }) })
await client.connect()
try {
  await client.query('create role app login')
  writeFileSync(path, await writeAuditPage(readFileSync(path, 'utf8'), client))
} finally {
  await client.end()
}
