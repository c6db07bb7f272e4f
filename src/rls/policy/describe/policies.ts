import { jsonList } from './json-list.ts'

/** SQL for the policies of `relation`. From the catalog itself, which has an index on the table, and the view has none. */
export const POLICIES: string = jsonList(
  `json_build_object('name', pol.polname, 'ident', quote_ident(pol.polname), 'permissive', pol.polpermissive,
    'command', pol.polcmd, 'using', pg_get_expr(pol.polqual, pol.polrelid), 'check', pg_get_expr(pol.polwithcheck, pol.polrelid),
    'roles', (select json_agg(case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end)
      from unnest(pol.polroles) as role),
    'onlyApp', not exists (
      select from unnest(pol.polroles) as role where role <> 0 and role not in (select oid from held_role))) order by pol.polname`,
  'pg_policy as pol where pol.polrelid = relation.oid',
)
