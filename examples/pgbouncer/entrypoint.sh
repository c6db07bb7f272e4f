#!/bin/sh
# Writes what differs between the pgbouncers of the platform, out of the environment and of mounted secrets, and becomes pgbouncer.
#
#   SERVER_HOST, SERVER_PORT   PostgreSQL
#   DATABASE                   the database that may be reached through it
#   USERS                      names of login roles; the password of each is in $SECRETS/<name>
#   OF                         primary, or replica
#   SERVER_TLS                 verify-full, with $SECRETS/server-ca.pem; elsewhere than on a test machine nothing else will do
#   POOL_SIZE                  server connections for each user
set -eu

: "${SERVER_HOST:?is the host of PostgreSQL}" "${DATABASE:?is the name of the database}" "${USERS:?are names of login roles}"
ETC=${ETC:-/etc/pgbouncer}
RUN=${RUN:-/run/pgbouncer}
SECRETS=${SECRETS:-/run/secrets}

# A query that waits for a server connection waits through the restart of a primary, for nobody else can serve it. A read whose replica is
# gone can go elsewhere, and does so when it is refused.
case ${OF:-primary} in
  primary) wait=15 connect=15 ;;
  replica) wait=1 connect=1 ;;
  *) echo 'OF must be primary or replica.' >&2; exit 2 ;;
esac

umask 077
: > "$RUN/users.txt"
for user in $USERS; do
  test -s "$SECRETS/$user" || { echo "There is no password in $SECRETS/$user." >&2; exit 2; }
  # Quotes are doubled, as pgbouncer reads them.
  printf '"%s" "%s"\n' "$user" "$(sed 's/"/""/g' "$SECRETS/$user")" >> "$RUN/users.txt"
done

cat > "$RUN/instance.ini" <<INI
auth_file = $RUN/users.txt
client_tls_cert_file = $SECRETS/tls-cert.pem
client_tls_key_file = $SECRETS/tls-key.pem
server_tls_sslmode = ${SERVER_TLS:-verify-full}
server_tls_ca_file = $SECRETS/server-ca.pem
default_pool_size = ${POOL_SIZE:-4}
query_wait_timeout = $wait
server_connect_timeout = $connect
unix_socket_dir =
${LISTEN_PORT:+listen_port = $LISTEN_PORT}

[databases]
$DATABASE = host=$SERVER_HOST port=${SERVER_PORT:-5432} dbname=$DATABASE
INI

sed "s#/run/pgbouncer#$RUN#" "$ETC/pgbouncer.ini" > "$RUN/pgbouncer.ini"
exec "${PGBOUNCER:-pgbouncer}" "$RUN/pgbouncer.ini"
