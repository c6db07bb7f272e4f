import type { AuditSubject } from '../../audit-subject.ts'
import { FOREIGN_KEYS, type ForeignKey } from './foreign-keys.ts'
import { isScoped } from './is-scoped.ts'
import { scopeForeignKey } from './scope-foreign-key.ts'
import { scopeKey } from './scope-key.ts'
import { UNSCOPED_KEYS, type UnscopedKey } from './tenant-keys.ts'

/**
 * What a key across tenants gives away to whoever writes values of it. A deferrable one is no target of ON CONFLICT.
 *
 * @see https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 */
export function describeHarm({ writable, deferrable }: UnscopedKey): string {
  const who = writable ? 'Whoever' : 'The application cannot write it today; whoever can'
  const conflict =
    " ON CONFLICT meets the other tenant's row: DO NOTHING loses the write without a word, and DO UPDATE ... WHERE reads the row on PostgreSQL below 18.7, 17.12, 16.16 or 15.20 (CVE-2026-120154)."
  return `${who} writes a value learns whether another tenant has it.${deferrable ? '' : conflict}`
}

/** The keys that hold across tenants, each with the statements that mend it once those of the foreign keys have run. */
export async function unscopedKeys(
  subject: AuditSubject,
): Promise<readonly { readonly key: UnscopedKey; readonly sql: string | undefined }[]> {
  const keys = await subject.rows<UnscopedKey>(UNSCOPED_KEYS)
  if (keys.length === 0) return []
  const foreignKeys = await subject.rows<ForeignKey>(FOREIGN_KEYS)
  const mended = foreignKeys.filter((key) => key.crosses && scopeForeignKey(key) !== undefined)
  return keys
    .filter((key) => !isScoped(key))
    .map((key) => {
      const referrersMended = mended.filter(({ indexOid }) => indexOid === key.indexOid).length
      return { key, sql: scopeKey(key, referrersMended) }
    })
}
