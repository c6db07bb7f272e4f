import type { ForeignKey, ReplicaIdentity } from '../partition-catalog.ts'
import { granteeNames } from './grantee-names.ts'

/**
 * SQL of a JSON object of what is read of every relation, partitioned or not, that `class` of pg_class stands for, in the namespace `space`.
 * A foreign key to a partitioned table has a row in pg_constraint for each of its partitions as well: those are left out.
 */
export const RELATION_FACTS: string = `pg_catalog.jsonb_build_object(
    'oid', class.oid::pg_catalog.int8, 'schema', space.nspname, 'name', class.relname, 'kind', class.relkind,
    'owner', pg_catalog.pg_get_userbyid(class.relowner),
    'rowSecurity', class.relrowsecurity, 'forceRowSecurity', class.relforcerowsecurity,
    'replicaIdentity', class.relreplident,
    'policyNames', (select coalesce(pg_catalog.json_agg(policy.polname order by policy.polname), '[]')
      from pg_catalog.pg_policy as policy where policy.polrelid = class.oid),
    'grantees', ${granteeNames(
      `(select entry.grantee from pg_catalog.aclexplode(class.relacl) as entry
      union all select entry.grantee from pg_catalog.pg_attribute as att, pg_catalog.aclexplode(att.attacl) as entry
        where att.attrelid = class.oid and not att.attisdropped) as entry`,
      'class.relowner',
    )},
    'foreignKeys', (select coalesce(pg_catalog.json_agg(${foreignKey('con.confrelid')} order by con.conname), '[]')
      from pg_catalog.pg_constraint as con left join pg_catalog.pg_constraint as above on above.oid = con.conparentid
      where con.contype = 'f' and con.conrelid = class.oid and above.conrelid is distinct from con.conrelid),
    'referencedBy', (select coalesce(pg_catalog.json_agg(${foreignKey('con.conrelid')} order by con.conname), '[]')
      from pg_catalog.pg_constraint as con where con.contype = 'f' and con.confrelid = class.oid and con.conparentid = 0),
    'invalidIndexes', (select coalesce(pg_catalog.json_agg(its.relname order by its.relname), '[]')
      from pg_catalog.pg_index as idx join pg_catalog.pg_class as its on its.oid = idx.indexrelid
      where idx.indrelid = class.oid and not (idx.indisvalid and idx.indisready)),
    'publications', (select coalesce(pg_catalog.json_agg(pub.pubname order by pub.pubname), '[]')
      from pg_catalog.pg_publication as pub where pub.oid in (
        select rel.prpubid from pg_catalog.pg_publication_rel as rel where rel.prrelid = class.oid
        union select its.pnpubid from pg_catalog.pg_publication_namespace as its where its.pnnspid = class.relnamespace)))`

function foreignKey(other: string): string {
  return `pg_catalog.json_build_object('name', con.conname, 'inherited', con.conparentid <> 0, 'table', (
        select far_space.nspname || '.' || far.relname from pg_catalog.pg_class as far
        join pg_catalog.pg_namespace as far_space on far_space.oid = far.relnamespace where far.oid = ${other}))`
}

export interface RelationFact {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly owner: string
  readonly rowSecurity: boolean
  readonly forceRowSecurity: boolean
  readonly replicaIdentity: ReplicaIdentity
  readonly policyNames: readonly string[]
  readonly grantees: readonly string[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly referencedBy: readonly ForeignKey[]
  readonly invalidIndexes: readonly string[]
  readonly publications: readonly string[]
}
