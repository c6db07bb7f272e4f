import type { RefusalReason } from '../../../../src/errors/forbidden-statement.ts'

/** What a text is to the server: a forbidden thing by its reason, a statement that may run, or nothing that it runs. */
export type Reading = 'rejected' | 'plain' | 'exclusive' | RefusalReason

const BY_NODE: Readonly<Record<string, Reading>> = {
  CALLSTMT: 'exclusive',
  COPYSTMT: 'copy',
  DEALLOCATESTMT: 'prepared-statement',
  DISCARDSTMT: 'session-discard',
  DOSTMT: 'exclusive',
  EXECUTESTMT: 'prepared-statement',
  LISTENSTMT: 'notification-channel',
  LOADSTMT: 'library-load',
  PREPARESTMT: 'prepared-statement',
  TRANSACTIONSTMT: 'transaction-control',
  UNLISTENSTMT: 'notification-channel',
}

/** The node types of statements that make an object and can make it a temporary one. */
const MAKERS = /^(?:CREATE.*|VIEWSTMT|DEFINESTMT|COMPOSITETYPESTMT)$/

/** CURSOR_OPT_HOLD in nodes/parsenodes.h. */
const OPTION_HOLD = 0x20

const PROTECTED = new Set(
  `role session_authorization row_security session_replication_role search_path client_encoding
   standard_conforming_strings transaction_isolation transaction_read_only transaction_deferrable
   default_transaction_isolation default_transaction_read_only default_transaction_deferrable`.split(
    /[ \n]+/,
  ),
)

/** The other settings that the examples and the generator name. */
const ORDINARY = new Set(['lock_timeout', 'statement_timeout', 'timezone', 'work_mem', 'xmloption'])

/** Reads the tree that `debug_print_parse` shows: what the server itself understood, before anything is executed. */
export function readParseTree(tree: string): Reading {
  const node = /:utilityStmt[ \n]+\{([A-Z]+)/.exec(tree)
  const name = node?.[1]
  if (node === null || name === undefined) return 'plain'
  const reading = BY_NODE[name]
  if (reading !== undefined) return reading
  const inside = tree.slice(node.index + node[0].length)
  if (name === 'EXPLAINSTMT') return readParseTree(inside)
  if (name === 'VARIABLESETSTMT') return readSetting(inside)
  if (name === 'DECLARECURSORSTMT') return isHeld(inside) ? 'held-cursor' : 'plain'
  if (name === 'CREATETABLEASSTMT' && /:utilityStmt[ \n]+\{EXECUTESTMT/.test(inside))
    return 'prepared-statement'
  return MAKERS.test(name) && makesTemporary(inside) ? 'temporary-object' : 'plain'
}

function isHeld(inside: string): boolean {
  const options = /:options[ \n]+(\d+)/.exec(inside)?.[1]
  if (options === undefined) throw unknownForm('DECLARECURSORSTMT', inside)
  return (Number(options) & OPTION_HOLD) !== 0
}

function readSetting(inside: string): Reading {
  const fields =
    /^[ \n]+:kind[ \n]+(\d)[ \n]+:name[ \n]+((?:\\[\s\S]|[^\\ \n])+)[ \n][\s\S]*?:is_local[ \n]+(true|false)/.exec(
      inside,
    )
  if (fields === null) throw unknownForm('VARIABLESETSTMT', inside)
  const [, kind, name = '', isLocal] = fields
  // VAR_SET_MULTI: SET TRANSACTION, SET SESSION CHARACTERISTICS, with and without LOCAL
  if (kind === '3') return 'transaction-control'
  if (isLocal === 'false') return 'session-setting'
  const folded = name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) // in ASCII alone, as the server does
  if (name.includes('.') || PROTECTED.has(folded)) return 'protected-setting'
  // A damaged name is no setting: the server refuses it at the execution, which the tree does not show.
  return ORDINARY.has(folded) ? 'plain' : 'rejected'
}

function unknownForm(node: string, inside: string): Error {
  return new Error(`${node} has another form than known: ${inside.slice(0, 200)}`)
}

function makesTemporary(inside: string): boolean {
  // SELECT INTO TEMP: no first word shows it, which is why the app role has no TEMP privilege
  if (/:is_select_into[ \n]+true/.test(inside)) return false
  const temporary =
    /:relpersistence[ \n]+t[ \n]/.test(inside) ||
    /:schemaname[ \n]+pg_temp(?:_\w*)?[ \n]|\("pg_temp(?:_\w*)?"[ \n]+"/.test(inside)
  return temporary && !/:on[cC]ommit[ \n]+3[ \n]/.test(inside)
}
