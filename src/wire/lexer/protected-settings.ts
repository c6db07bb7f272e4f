/**
 * Names that SET LOCAL may not touch, though their value ends with the transaction. Names with a dot are refused apart
 * from this list: those are the settings that policies read.
 */
const PROTECTED: ReadonlySet<string> = new Set([
  // who asks, and whether row security applies
  'role',
  'session_authorization',
  'row_security',
  'session_replication_role',
  // which objects the names in a text mean
  'search_path',
  // how the text itself is read
  'client_encoding',
  'standard_conforming_strings',
  // what the transaction is
  'transaction_isolation',
  'transaction_read_only',
  'transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'default_transaction_deferrable',
  // words of the grammar: SET LOCAL NAMES 'x', SCHEMA 'x', CATALOG 'x'
  'names',
  'schema',
  'catalog',
])

/** Words and quoted names alike: the server compares setting names in ASCII without regard to case (guc_name_compare). */
export function isProtectedSetting(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    // No setting of the server has such a letter, but a single-byte server encoding may fold one to an ASCII letter.
    if (name.charCodeAt(at) >= 0x80 || name[at] === '.') return true
  }
  return PROTECTED.has(name.toLowerCase())
}
