-- Four restrictive policies, one a command, none FOR ALL; and a fifth that holds something else.
\tenant_table public.patients (deleted_at timestamptz)
drop policy tenant_floor on public.patients;
create policy floor_r on public.patients as restrictive for select using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy floor_a on public.patients as restrictive for insert with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy floor_w on public.patients as restrictive for update using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy floor_d on public.patients as restrictive for delete using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy alive on public.patients as restrictive to app using (deleted_at is null);
