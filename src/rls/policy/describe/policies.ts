import { jsonList } from './json-list.ts'

/** SQL for the policies of `relation`. */
export const POLICIES: string = jsonList(
  `jsonb_build_object('name', policy.name, 'ident', quote_ident(policy.name), 'permissive', policy.permissive,
    'command', policy.command, 'using', policy.using_text, 'check', policy.check_text,
    'roles', (select jsonb_agg(case role when 0 then 'public' else quote_ident(pg_get_userbyid(role)) end)
      from unnest(policy.roles) as role),
    'onlyApp', not exists (
      select from unnest(policy.roles) as role where role <> 0 and role not in (select oid from app_role))) order by policy.name`,
  'policy where policy.table_oid = relation.oid',
)
