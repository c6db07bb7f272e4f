import { quoteName } from '../../../../sql/quote.ts'
import type { Found } from '../../../audit-rule.ts'
import type { AuditSubject } from '../../../audit-subject.ts'

interface Row {
  readonly role: string | null
  readonly database: string | null
  readonly empty: boolean
}

/** Of several, PostgreSQL takes that for the role in the database, else the role, else the database, else all roles. */
const QUERY = `select (select rolname from pg_roles where pg_roles.oid = given_to.setrole) as role,
  (select datname from pg_database where pg_database.oid = given_to.setdatabase) as database, item like '%=' as empty
from pg_db_role_setting as given_to, unnest(given_to.setconfig) as item
where lower(split_part(item, '=', 1)) = lower((select tenant_setting from given))
  and given_to.setrole in (0, (select oid from app_role where is_login))
  and given_to.setdatabase in (0, (select oid from pg_database where datname = current_database()))
order by given_to.setrole <> 0 desc, given_to.setdatabase <> 0 desc`

/** Who is let see the server's files: a superuser, or whoever was granted both. */
const MAY_READ_FILES = `select has_table_privilege('pg_file_settings', 'SELECT')
  and has_function_privilege('pg_show_all_file_settings()', 'EXECUTE') as allowed`
const FILES = `select distinct sourcefile as file from pg_file_settings
where lower(name) = lower((select tenant_setting from given)) and setting <> ''`

/** Where the application's sessions are given a tenant to begin with. */
export async function settingDefaults(subject: AuditSubject): Promise<readonly Found[]> {
  const rows = await subject.rows<Row>(QUERY)
  const covered = rows.findIndex(({ empty }) => empty)
  const effective = covered < 0 ? rows : rows.slice(0, covered)
  const [files] = await subject.rows<{ allowed: boolean }>(MAY_READ_FILES)
  const lines = files?.allowed && covered < 0 ? await subject.rows<{ file: string }>(FILES) : []
  const { tenantSetting } = subject.options
  return [
    ...effective.map((row) => reportGiven(row, tenantSetting)),
    ...lines.map(({ file }) => ({
      object: tenantSetting,
      message: `${file} gives ${tenantSetting} a value, so that a statement without a tenant sees the rows of that one.`,
      fix: `Take the line out, and reload the configuration.`,
    })),
  ]
}

function reportGiven({ role, database }: Row, setting: string): Found {
  const name = setting.split('.').map(quoteName).join('.')
  const [target, whom] =
    role === null && database !== null
      ? [`database ${quoteName(database)}`, 'every session in the database']
      : [role === null ? 'role all' : `role ${quoteName(role)}`, role === null ? 'every session' : 'the role']
  const where = role !== null && database !== null ? ` in database ${quoteName(database)}` : ''
  return {
    object: role ?? database ?? 'all roles',
    message: `ALTER ${target}${where} SET gives ${whom} a ${setting} to begin with, so that a statement without a tenant sees the rows of that one.`,
    fix: `Take the setting back: a session begins without a tenant.`,
    sql: `alter ${target}${where} reset ${name};`,
  }
}
