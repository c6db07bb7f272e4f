import { SCRIPTS, type ScriptName } from './scripts.ts'

/** A rule taken out of a script. */
export interface BrokenScript {
  readonly name: string
  readonly script: ScriptName
  readonly from: string
  readonly to: string
}

/** Mistakes that the scripts could hold, each of which the model must tell from the real ones. */
export const BROKEN_SCRIPTS: readonly BrokenScript[] = [
  {
    name: 'a store does not look at the gens',
    script: 'store',
    from: "if table.concat(found, ',') ~= gens then return 'gen' end",
    to: '',
  },
  {
    name: 'a store takes what a replica has read, however old',
    script: 'store',
    from: "source ~= 'p'",
    to: 'false',
  },
  {
    name: 'a store from a replica believes in an unknown floor',
    script: 'store',
    from: '#unknown > 0',
    to: 'false',
  },
  {
    name: 'positions are compared by one half',
    script: 'store',
    from: 'if high ~= other_high then return high < other_high end',
    to: '',
  },
  {
    name: "the older of two loads overwrites the newer's value",
    script: 'store',
    from: "then return 'newer' end",
    to: 'then end',
  },
  {
    name: 'a store of the primary leaves the floor unknown',
    script: 'store',
    from: "if source == 'p' and lsn",
    to: 'if false and lsn',
  },
  {
    name: 'a store frees the lease of another',
    script: 'store',
    from: "if redis.call('GET', KEYS[2]) == token then",
    to: 'do',
  },
  {
    name: 'a lease is given while a fence is marked',
    script: 'lease',
    from: "if is_pending then return answer('pending', '') end",
    to: '',
  },
  {
    name: 'a lease finds an entry of other gens',
    script: 'lease',
    from: 'if value and string.sub(value, 1, #head) == head then',
    to: "if value then head = string.match(value, '^[^\\n]*\\n')",
  },
  { name: 'a lease is given twice', script: 'lease', from: 'if holder and holder ~= token', to: 'if false' },
  {
    name: 'a lease leaves a fence of another epoch alone',
    script: 'lease',
    from: "== epoch .. '.'",
    to: '~= nil',
  },
  {
    name: 'a release frees the lease of another',
    script: 'release',
    from: '~= ARGV[1] then return 0 end',
    to: '== nil then return 0 end',
  },
  {
    name: 'a mark takes the place of the others',
    script: 'begin',
    from: "others == '' and mark or others .. ',' .. mark",
    to: 'mark',
  },
  {
    name: 'a mark leaves the gen as it is',
    script: 'begin',
    from: 'ARGV[index + 5]',
    to: '(current_fence(key, ARGV[1])) or ARGV[index + 5]',
  },
  {
    name: 'a finish sets the floor instead of raising it',
    script: 'finish',
    from: ' and is_lower(floor, lsn)',
    to: '',
  },
  {
    name: 'a finish makes an unknown floor known',
    script: 'finish',
    from: " and floor ~= '?' and is_lower(floor, lsn)",
    to: '',
  },
  { name: 'a finish takes all marks away', script: 'finish', from: 'without_mark(marks, ARGV[2])', to: "''" },
  { name: 'a finish of what nobody knows keeps the floor', script: 'finish', from: "floor = '?'", to: '' },
  {
    name: 'a fence that is made anew has lost its marks',
    script: 'lease',
    from: "return nil, '?', marks or ''",
    to: "return nil, '?', ''",
  },
  {
    name: 'a claim loses what it claims',
    script: 'claim',
    from: 'kept[#kept + 1] = mark\nend',
    to: 'if not token then kept[#kept + 1] = mark end\nend',
  },
]

/** @throws {Error} the script has changed, and the rule is not where it was */
export function breakScript({ script, from, to, name }: BrokenScript): Readonly<Record<ScriptName, string>> {
  const text = SCRIPTS[script]
  if (text.split(from).length !== 2) throw new Error(`"${name}": ${script} does not have "${from}" once`)
  return { ...SCRIPTS, [script]: text.replace(from, () => to) }
}
