import type { Random } from '../../../support/random.ts'
import { NAMES, QUERIES, STRINGS, TEMPLATES } from './statement-templates.ts'

const TOKENS: readonly (readonly string[])[] = TEMPLATES.map((template) => template.split(' '))
const QUERY_TOKENS: readonly (readonly string[])[] = QUERIES.map((query) => query.split(' '))

/** What may stand between two tokens, the usual first; the last ones are no white space to the server. */
const GAPS: readonly string[] = [
  '\n',
  '\t',
  '\r',
  '\f',
  '\v',
  '  ',
  ' \r\n ',
  '/**/',
  '/* c */',
  '/*begin*/',
  '/*/**/*/',
  '/*/* commit */ */',
  '/***/',
  '/*//**/*/',
  "/*'*/",
  '/*"*/',
  '/*$$*/',
  '/*;*/',
  '/*--*/',
  '/*--\n*/',
  '/*\r*/',
  '/* */ /* */',
  '/*\u2028*/',
  '/*select*/',
  '/*/*c*/select*/',
  '--select\n',
  '--\vselect\n',
  '--\fselect\r',
  '--\u2028select\n',
  '--\u0085select\r',
  '--\n',
  '--c\n',
  '--c\r',
  '--\r\n',
  '--\v\n',
  '--\f\n',
  '--\u2028\n',
  '--\u0085\r',
  "--'\n",
  '--"\r',
  '--/*\n',
  '--/*\r',
  '--$$\n',
  '--*/\n',
  '---\n',
  '--\n--\r',
  ' -- begin\n',
  '--;\r',
  '--\\\n',
]
const BROKEN_GAPS: readonly string[] = [
  '',
  ';',
  '\u00a0',
  '\u0085',
  '\u2003',
  '\u2028',
  '\u3000',
  '\ufeff',
  '/*',
  '*/',
  '/*/*/',
  '/*/*c*/',
  '--',
  '--\v',
  '-',
  '- -',
  '/ *',
  '//',
  '\\',
  '$$',
  '.',
  '_',
  '0',
  '(',
  ')',
  '"',
  "'",
  '$',
  '@',
  '#',
]
const HEADS: readonly string[] = [
  ';',
  ';;',
  '; ;',
  ' ;\n;',
  ';/* c */;',
  ';--c\r;',
  '(',
  '((',
  '\ufeff',
  '\u00a0',
  ')',
  '"a"',
  ';(',
]
const TAILS: readonly string[] = [
  ';',
  ' ;',
  ';;',
  '; ;',
  ';--',
  '; /* c */',
  ' -- c',
  '/* c */',
  '\n',
  '\v',
  '; begin',
  ';commit;',
  ' x',
  ')',
  "'",
  '"',
  '/*',
  '$$',
  '\u00a0',
]
const INSERTIONS: readonly string[] = [
  ...BROKEN_GAPS,
  ...GAPS,
  ' ',
  'e',
  'E',
  'n',
  'b',
  'x',
  'U&',
  ',',
  ';',
  '=',
  ':',
  'with',
  'hold',
  'for',
  'as',
  'to',
  'local',
  'begin',
]
const LOOKALIKES: Readonly<Record<string, readonly string[]>> = {
  i: ['İ', 'ı', 'ｉ'],
  k: ['\u212a'],
  s: ['ſ', 'ｓ'],
  e: ['é', 'е'],
}

/** One text: a statement in random case with random gaps, leading and trailing noise, and now and then a broken character. */
export function disguise(random: Random): string {
  let text = random.chance(30) ? gap(random) : ''
  if (random.chance(16)) text = random.pick(HEADS) + text
  text = appendTokens(text, random.pick(TOKENS), random)
  if (random.chance(16)) text += random.pick(TAILS)
  return random.chance(6) ? damage(text, random) : text
}

function appendTokens(before: string, tokens: readonly string[], random: Random): string {
  let text = before
  let previous = ''
  for (const template of tokens) {
    const token = template.startsWith('<') ? placeholder(template, random) : recase(template, random)
    if (previous !== '') text += separator(previous, token, random)
    text += token
    previous = token
  }
  return text
}

function placeholder(token: string, random: Random): string {
  switch (token) {
    case '<name>':
      return random.pick(NAMES)
    case '<string>':
      return random.pick(STRINGS)
    case '<query>':
      return appendTokens('', random.pick(QUERY_TOKENS), random)
    default:
      return token
  }
}

function separator(left: string, right: string, random: Random): string {
  const mayTouch = !isWordLike(left.charCodeAt(left.length - 1)) || !isWordLike(right.charCodeAt(0))
  return mayTouch && random.chance(40) ? '' : gap(random)
}

function isWordLike(code: number): boolean {
  const folded = code | 0x20
  return (folded >= 0x61 && folded <= 0x7a) || (code >= 0x30 && code <= 0x39) || code >= 0x80 || code === 0x5f
}

function gap(random: Random): string {
  const kind = random.below(1000)
  if (kind < 560) return ' '
  if (kind < 860) return random.pick(GAPS)
  if (kind < 994) return random.pick(GAPS) + random.pick(GAPS)
  return random.pick(BROKEN_GAPS)
}

function recase(token: string, random: Random): string {
  if (!isWordLike(token.charCodeAt(0))) return token
  const mode = random.below(20)
  if (mode < 8) return token
  if (mode < 13) return token.toUpperCase()
  let text = ''
  for (const letter of token) text += random.chance(50) ? letter.toUpperCase() : letter
  if (mode < 19 || random.chance(70)) return text
  const at = random.below(token.length)
  const lookalikes = LOOKALIKES[token[at] ?? '']
  return lookalikes === undefined ? text : text.slice(0, at) + random.pick(lookalikes) + text.slice(at + 1)
}

function damage(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + random.below(3))
    case 1:
      return text.slice(0, at) + random.pick(BROKEN_GAPS) + text.slice(at + 1)
    default:
      return text.slice(0, at) + random.pick(INSERTIONS) + text.slice(at)
  }
}
