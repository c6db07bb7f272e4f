import type { CatalogNames, FunctionFacts, OperatorFacts } from '../../../../expression/catalog-names.ts'
import type { Expression } from '../../../../expression/expression.ts'
import { readExpression } from '../../../../expression/read-expression.ts'
import { walk } from '../../../../expression/walk.ts'
import type { AuditSubject } from '../../../audit-subject.ts'

type Row<Facts> = Facts & { readonly oid: number }

/** Functions that call functions are followed this far, where their bodies are kept as trees. */
const CALLS = 5

const functionsQuery = (
  oids: readonly number[],
) => `select proc.oid, space.nspname as schema, proc.proname as name,
  format('%s.%s(%s)', space.nspname, proc.proname, oidvectortypes(proc.proargtypes)) as object,
  format('%I.%I(%s)', space.nspname, proc.proname, pg_get_function_identity_arguments(proc.oid)) as signature,
  case proc.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
  proc.proisstrict as strict, lang.lanname as language, proc.prosrc as source, proc.prosqlbody::text as body
from pg_proc as proc join pg_namespace as space on space.oid = proc.pronamespace
join pg_language as lang on lang.oid = proc.prolang
where proc.oid = any ('{${oids.join(',')}}')`

/** With the operators' negators. */
const operatorsQuery = (
  oids: readonly number[],
) => `select op.oid, space.nspname as schema, op.oprname as name,
  proc.proisstrict as strict, op.oprnegate as negator
from pg_operator as op join pg_namespace as space on space.oid = op.oprnamespace
join pg_proc as proc on proc.oid = op.oprcode
where op.oid = any ('{${oids.join(',')}}')
  or op.oid = any (array(select oprnegate from pg_operator where oid = any ('{${oids.join(',')}}')))`

/** Looks up everything that expressions, and the functions that they call, name by OID. */
export async function readNames(
  subject: AuditSubject,
  expressions: readonly Expression[],
): Promise<{ readonly names: CatalogNames; readonly functions: readonly FunctionFacts[] }> {
  const functions = new Map<number, FunctionFacts>()
  const operators = new Map<number, OperatorFacts>()
  let unread = expressions
  for (let calls = 0; calls <= CALLS && unread.length > 0; calls += 1) {
    const named = oidsIn(unread)
    const missing = [...named.functions].filter((oid) => !functions.has(oid))
    const found = await subject.rows<Row<FunctionFacts>>(functionsQuery(missing))
    for (const { oid, ...facts } of found) functions.set(oid, facts)
    const operations = await subject.rows<Row<OperatorFacts>>(operatorsQuery([...named.operators]))
    for (const { oid, ...facts } of operations) operators.set(oid, facts)
    unread = found.flatMap(({ body }) => (body === null ? [] : [readExpression(body)]))
  }
  const names = {
    function: (oid: number) => functions.get(oid),
    operator: (oid: number) => operators.get(oid),
  }
  return { names, functions: [...functions.values()] }
}

function oidsIn(expressions: readonly Expression[]): { functions: Set<number>; operators: Set<number> } {
  const functions = new Set<number>()
  const operators = new Set<number>()
  for (const expression of expressions) {
    for (const { expression: part } of walk(expression)) {
      if (part.kind === 'call') functions.add(part.function)
      if (part.kind === 'operation' || part.kind === 'membership') operators.add(part.operator)
    }
  }
  return { functions, operators }
}
