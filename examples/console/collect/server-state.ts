import type pg from 'pg'
import type { ServerState } from './observation.ts'

/** One statement, so that all figures are of the same moment. `operator.*` count what a role without rights may not see for itself. */
const SERVER_STATE = `select
  (select coalesce(json_agg(json_build_object('database', database, 'role', role, 'application', application, 'state', state,
    'connections', connections, 'longestS', longest_s)), '[]') from operator.connections()) as connections,
  (select coalesce(json_agg(json_build_object('name', name, 'state', state, 'syncState', sync_state, 'lagMs', replay_lag_ms,
    'lagBytes', replay_lag_bytes)), '[]') from operator.standbys()) as standbys,
  current_setting('max_connections')::integer as "maxConnections",
  current_setting('superuser_reserved_connections')::integer
    + coalesce(current_setting('reserved_connections', true)::integer, 0) as "reservedConnections"`

/** How the server stands now. */
export async function readServerState(client: pg.ClientBase): Promise<ServerState> {
  const { rows } = await client.query<ServerState>(SERVER_STATE)
  const [state] = rows
  if (!state) throw new Error('The server gave no answer to a query that always has one.')
  return state
}
