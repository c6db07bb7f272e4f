/** Rows of an audit log. */
export const LOG_COLUMNS: string = `
  tenant_id uuid not null, id bigint not null, created_at timestamptz not null, actor text, action text not null, details jsonb,
  primary key (tenant_id, created_at, id)`

/** Inserts rows of 10 tenants, none of which another run would make otherwise. */
export function insertLog(rows: number, name = 'events', every = '20 s 7 us'): string {
  return `insert into public.${name}
    select ('00000000-0000-4000-8000-' || lpad((n % 10)::text, 12, '0'))::uuid, n, '2026-01-01 00:00+00'::timestamptz + n * interval '${every}',
      'actor ' || n % 97, (array['read', 'write', 'delete'])[1 + n % 3], jsonb_build_object('n', n, 'text', md5(n::text))
    from generate_series(1, ${rows}) n`
}
