import { jsonList } from '../../../rls/policy/describe/json-list.ts'
import { grantRows } from './grants.ts'

/** SQL of the columns of a table `class`. PostgreSQL 17 made the default of attstattarget NULL; before, it is -1. */
export const COLUMNS: string = jsonList(
  `json_build_object('name', att.attname, 'type', pg_catalog.format_type(att.atttypid, att.atttypmod), 'notNull', att.attnotnull,
    'isGenerated', att.attgenerated <> '', 'target', nullif(att.attstattarget, -1), 'options', coalesce(to_json(att.attoptions), '[]')) order by att.attnum`,
  'pg_attribute as att where att.attrelid = class.oid and att.attnum > 0 and not att.attisdropped',
)

const SEQUENCE = `format('%I.%I', seq_space.nspname, seq_class.relname)`
const OWNED = `pg_depend as owned
  join pg_class as seq_class on seq_class.oid = owned.objid and seq_class.relkind = 'S'
  join pg_namespace as seq_space on seq_space.oid = seq_class.relnamespace
  join pg_sequence as seq on seq.seqrelid = seq_class.oid
  join pg_attribute as att on att.attrelid = class.oid and att.attnum = owned.refobjsubid
  where owned.classid = 'pg_class'::regclass and owned.refclassid = 'pg_class'::regclass and owned.refobjid = class.oid`

/** SQL of the identity columns of `class`, with what their sequences are made of. */
export const IDENTITIES: string = jsonList(
  `json_build_object('column', att.attname, 'always', att.attidentity = 'a', 'sequence', ${SEQUENCE}, 'sequenceName', seq_class.relname,
    'parameters', format('start with %s increment by %s minvalue %s maxvalue %s cache %s %s', seq.seqstart, seq.seqincrement,
      seq.seqmin, seq.seqmax, seq.seqcache, case when seq.seqcycle then 'cycle' else 'no cycle' end),
    'grants', ${jsonList('to_json(given)', `(${grantRows('seq_class.relacl', 'seq_class.relowner')}) as given`)}) order by att.attnum`,
  `${OWNED} and owned.deptype = 'i'`,
)

/** SQL of the sequences that columns of `class` own and are no identity. */
export const SERIALS: string = jsonList(
  `json_build_object('column', att.attname, 'sequence', ${SEQUENCE}) order by att.attnum`,
  `${OWNED} and owned.deptype = 'a'`,
)
