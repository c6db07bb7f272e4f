import { describe, expect, it } from 'vitest'
import { splitStatements } from '../../../src/rls/report/migration/split-statements.ts'

const texts = (script: string) => splitStatements(script).map(({ text }) => text)

describe('a script is split into its statements', () => {
  it.each([
    ['at semicolons', 'select 1;\nselect 2;', ['select 1;', 'select 2;']],
    ['the last without one too', 'select 1; select 2', ['select 1;', 'select 2']],
    [
      'but not in texts',
      "select ';''; select'; select E'\\';';",
      ["select ';''; select';", "select E'\\';';"],
    ],
    ['nor in names', 'drop table "a;b""; --"; select 1;', ['drop table "a;b""; --";', 'select 1;']],
    [
      'nor in dollars',
      'do $$ begin; end $$; do $a$ ; $b$ ; $$ $a$;',
      ['do $$ begin; end $$;', 'do $a$ ; $b$ ; $$ $a$;'],
    ],
    ['nor in comments', 'select /* ; */ 1 -- ; "\n; select 2;', ['select /* ; */ 1 -- ; "\n;', 'select 2;']],
    [
      'nor in parentheses',
      'create rule r as on insert to t do also (select 1; select 2);',
      ['create rule r as on insert to t do also (select 1; select 2);'],
    ],
    [
      'and a dollar in a name opens nothing',
      'select a$b$c; select $b$;$b$;',
      ['select a$b$c;', 'select $b$;$b$;'],
    ],
    ['a type before a text is no escape', "select date';'; select 1;", ["select date';';", 'select 1;']],
    ['blanks and comments alone are none', ' ; ;\n-- nothing\n', []],
  ])('%s', (_what, script, expected) => {
    expect(texts(script)).toEqual(expected)
  })

  it('and loses nothing of it', () => {
    const script =
      'create policy "p;" on t using (a = \';\');\n\n  alter table t enable row level security;\n'
    expect(texts(script).join('').replaceAll(/\s/g, '')).toBe(script.replaceAll(/\s/g, ''))
  })

  it('shows the words that are not quoted, in lower case', () => {
    expect(splitStatements('CREATE  INDEX "concurrently" ON t /* CONCURRENTLY */ (\'x\');')[0]?.words).toBe(
      'create index on t ( );',
    )
  })
})
