/**
 * The schemas that a value of `search_path` names, in order.
 *
 * @param user whom `$user` stands for
 * @see https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SEARCH-PATH
 */
export function schemasOfPath(path: string, user: string): readonly string[] {
  const names = [...path.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain.toLowerCase() : quoted.replaceAll('""', '"'),
  )
  return names.map((name) => (name === '$user' ? user : name))
}
