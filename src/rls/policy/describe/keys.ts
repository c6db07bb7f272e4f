import { columnNames } from './columns.ts'
import { constraintTiming } from './constraint-timing.ts'
import { jsonList } from './json-list.ts'

/** How `pg_get_indexdef` begins, which for the index of a partitioned table says ONLY. */
const HEAD = `format('CREATE %sINDEX %I ON %s%s USING %I (', case when key.indisunique then 'UNIQUE ' end, class.relname,
  case when class.relkind = 'I' then 'ONLY ' end, relation.ident, am.amname)`

/** Whether the access method has an equality for the tenant's type, which an exclusion constraint needs. */
const TAKES_TENANT = `exists (
  select from pg_opclass as opc join pg_type as typ on typ.oid = relation.tenant_type
  where opc.opcmethod = class.relam and opc.opcdefault and opc.opcintype in (typ.oid, typ.typbasetype))`

/** SQL for what keeps rows of `relation` apart, and for indexes of it that were left invalid. */
export const KEYS: string = jsonList(
  `json_build_object('name', class.relname, 'ident', quote_ident(class.relname),
    'kind', case con.contype when 'p' then 'primary key' when 'u' then 'unique' when 'x' then 'exclude' else 'index' end,
    'unique', key.indisunique, 'valid', key.indisvalid, 'partial', key.indpred is not null, 'method', quote_ident(am.amname),
    'columns', ${columnNames('key.indrelid', '(key.indkey::int2[])[0:key.indnkeyatts - 1]')},
    'indexBody', case when starts_with(definition, head) then substr(definition, length(head) + 1) end,
    'definition', pg_get_constraintdef(con.oid), 'timing', ${constraintTiming('con')},
    'temporal', coalesce(con.contype in ('p', 'u') and con.conexclop is not null, false),
    'inherited', class.relispartition, 'replicaIdentity', key.indisreplident, 'takesTenant', con.contype = 'x' and ${TAKES_TENANT})
    order by class.relname`,
  `pg_index as key
  join pg_class as class on class.oid = key.indexrelid
  join pg_am as am on am.oid = class.relam
  left join pg_constraint as con on con.conindid = key.indexrelid and con.conrelid = key.indrelid and con.contype in ('p', 'u', 'x')
  cross join lateral (select ${HEAD} as head, pg_get_indexdef(key.indexrelid) as definition offset 0) as text
  where key.indrelid = relation.oid and (key.indisunique or key.indisexclusion or not key.indisvalid)`,
)

/** SQL for whether an index of `relation` that holds all rows leads with the tenant. */
export const TENANT_INDEXED = `exists (
  select from pg_index as key join pg_class as class on class.oid = key.indexrelid join pg_am as am on am.oid = class.relam
  where key.indrelid = relation.oid and key.indkey[0] = relation.tenant and key.indisvalid and key.indpred is null
    and am.amname = 'btree')`
