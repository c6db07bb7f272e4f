/**
 * SQL that runs statements only where a condition holds, so that a second run finds nothing to do. The texts are taken as they
 * are: a name in them may hold a line break, behind which an indent would be another name.
 */
export function guarded(condition: string, ...statements: readonly string[]): string {
  return block(`if ${condition} then`, ...statements.map((statement) => `  ${statement}`), 'end if;')
}

/** An anonymous block of PL/pgSQL. */
export function block(...lines: readonly string[]): string {
  const body = lines.map((line) => `  ${line}\n`).join('')
  const tag = dollarTag(body)
  return `do ${tag} begin\n${body}end ${tag};`
}

/**
 * A quote that does not end inside the text, whatever names are in it.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-DOLLAR-QUOTING
 */
function dollarTag(text: string): string {
  for (let n = 0; ; n++) {
    const tag = n === 0 ? '$$' : `$lsh${n}$`
    if (!text.includes(tag)) return tag
  }
}
