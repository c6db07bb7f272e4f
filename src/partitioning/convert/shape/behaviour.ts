import { jsonList } from '../../../rls/policy/describe/json-list.ts'

/** SQL of the policies of `class`. */
export const POLICIES: string = jsonList(
  `json_build_object('name', pol.polname, 'permissive', pol.polpermissive,
    'command', case pol.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
    'roles', ${jsonList("case when role = 0 then '' else pg_catalog.pg_get_userbyid(role) end", 'unnest(pol.polroles) as role')},
    'using', pg_catalog.pg_get_expr(pol.polqual, pol.polrelid), 'check', pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid),
    'comment', obj_description(pol.oid, 'pg_policy')) order by pol.polname`,
  'pg_policy as pol where pol.polrelid = class.oid',
)

/** SQL of the triggers of `class`, without those that PostgreSQL made itself. `tgtype & 1`: for each row. */
export const TRIGGERS: string = jsonList(
  `json_build_object('name', tg.tgname, 'definition', pg_catalog.pg_get_triggerdef(tg.oid), 'enabled', tg.tgenabled,
    'hasRowTransition', tg.tgtype & 1 = 1 and (tg.tgoldtable is not null or tg.tgnewtable is not null),
    'comment', obj_description(tg.oid, 'pg_trigger')) order by tg.tgname`,
  'pg_trigger as tg where tg.tgrelid = class.oid and not tg.tgisinternal and tg.tgparentid = 0',
)

/** SQL of the publications that `class` is published by. */
export const PUBLICATIONS: string = jsonList(
  `json_build_object('name', pub.pubname, 'viaRoot', pub.pubviaroot, 'isNamed', member.oid is not null,
    'columns', case when member.prattrs is not null then ${jsonList('att.attname order by att.attnum', 'pg_attribute as att where att.attrelid = class.oid and att.attnum = any (member.prattrs::int2[])')} end,
    'filter', pg_catalog.pg_get_expr(member.prqual, member.prrelid)) order by pub.pubname`,
  `pg_publication as pub left join pg_publication_rel as member on member.prpubid = pub.oid and member.prrelid = class.oid
   where member.oid is not null or pub.puballtables or exists (
     select from pg_publication_namespace as whole where whole.pnpubid = pub.oid and whole.pnnspid = class.relnamespace)`,
)
