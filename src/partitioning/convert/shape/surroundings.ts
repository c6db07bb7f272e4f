import { jsonList } from '../../../rls/policy/describe/json-list.ts'

const NAMED = `format('%s.%s', space.nspname, other.relname)`

const RULES = jsonList(
  'rule.rulename order by rule.rulename',
  'pg_rewrite as rule where rule.ev_class = class.oid',
)

const KIN = jsonList(
  NAMED,
  `pg_inherits as link join pg_class as other on other.oid in (link.inhrelid, link.inhparent) and other.oid <> class.oid
   join pg_namespace as space on space.oid = other.relnamespace
   where class.oid in (link.inhrelid, link.inhparent) and class.relkind = 'r' and not class.relispartition`,
)

const REFERENCED_BY = jsonList(
  `json_build_object('name', con.conname, 'table', ${NAMED}) order by con.conname`,
  `pg_constraint as con join pg_class as other on other.oid = con.conrelid join pg_namespace as space on space.oid = other.relnamespace
   where con.contype = 'f' and con.confrelid = class.oid and con.conparentid = 0`,
)

/**
 * What depends on the table, a column of it, or its row type, by oid: PostgreSQL would let it stay with the old table. What is the
 * table's own is left out, for it moves or is made anew; foreign keys are listed by themselves.
 */
const DEPENDENTS = jsonList(
  `json_build_object('kind', found.kind, 'name', found.name) order by found.kind, found.name`,
  `(select distinct
      case when dep.classid = 'pg_rewrite'::regclass then case view.relkind when 'm' then 'materialized view' when 'v' then 'view' else 'rule' end
        else address.type end as kind,
      case when dep.classid = 'pg_rewrite'::regclass then format('%s.%s', view_space.nspname, view.relname) else address.identity end as name
    from pg_depend as dep
    cross join lateral pg_catalog.pg_identify_object(dep.classid, dep.objid, dep.objsubid) as address
    left join pg_rewrite as rule on dep.classid = 'pg_rewrite'::regclass and rule.oid = dep.objid
    left join pg_class as view on view.oid = rule.ev_class
    left join pg_namespace as view_space on view_space.oid = view.relnamespace
    where dep.deptype = 'n'
      and (dep.refclassid = 'pg_class'::regclass and dep.refobjid = class.oid
        or dep.refclassid = 'pg_type'::regclass and dep.refobjid in (
          select type.oid from pg_type as type where type.typrelid = class.oid
          union all select type.typarray from pg_type as type where type.typrelid = class.oid))
      and not (dep.classid = 'pg_policy'::regclass and dep.objid in (select oid from pg_policy where polrelid = class.oid))
      and not (dep.classid = 'pg_constraint'::regclass and dep.objid in (select oid from pg_constraint where contype = 'f' or conrelid = class.oid))
      and not (dep.classid = 'pg_trigger'::regclass and dep.objid in (select oid from pg_trigger where tgrelid = class.oid))
      and not (dep.classid = 'pg_attrdef'::regclass and dep.objid in (select oid from pg_attrdef where adrelid = class.oid))
      and not (dep.classid = 'pg_rewrite'::regclass and rule.ev_class = class.oid)
      and dep.classid not in ('pg_publication_rel'::regclass, 'pg_statistic_ext'::regclass)
      and not (dep.classid = 'pg_class'::regclass and (dep.objid = class.oid or dep.objid in (
        select indexrelid from pg_index where indrelid = class.oid union all select inhrelid from pg_inherits where inhparent = class.oid)))
   ) as found`,
)

/** SQL of what is bound to `class` from outside. */
export const SURROUNDINGS: string = `json_build_object('rules', ${RULES}, 'kin', ${KIN}, 'referencedBy', ${REFERENCED_BY}, 'dependents', ${DEPENDENTS})`
