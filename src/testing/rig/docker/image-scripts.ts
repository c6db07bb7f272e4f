/**
 * Makes the database cluster at the first start, from the same variables as PostgreSQL's official image:
 * POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB, POSTGRES_HOST_AUTH_METHOD. There is bash, and no command
 * beside PostgreSQL's.
 */
export const entrypoint = `#!/bin/bash
set -euo pipefail
user=\${POSTGRES_USER:-postgres}
database=\${POSTGRES_DB:-$user}
if [[ ! -s $PGDATA/PG_VERSION ]]; then
  initdb --pgdata="$PGDATA" --username="$user" --pwfile=<(printf '%s\\n' "$POSTGRES_PASSWORD") \\
    --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C --no-sync
  printf 'host all all all %s\\n' "\${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
  printf "listen_addresses = '*'\\n" >> "$PGDATA/postgresql.conf"
  if [[ $database != postgres ]]; then
    printf 'CREATE DATABASE "%s"\\n' "\${database//\\"/\\"\\"}" | postgres --single -D "$PGDATA" postgres
  fi
fi
exec "$@"
`

/**
 * Stands in for `pg_isready`, which the npm packages lack, in Testcontainers' health check. The eighth line
 * of `postmaster.pid` is the server's own word on its state, which `pg_ctl` goes by as well.
 */
export const readinessCheck = `#!/bin/bash
mapfile -t lines < "$PGDATA/postmaster.pid" || exit 2
[[ \${lines[7]:-} == ready* ]]
`
