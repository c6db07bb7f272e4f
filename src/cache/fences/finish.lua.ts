import { FENCE_FUNCTIONS } from './fence-functions.lua.ts'

/**
 * Takes a transaction's mark from fences once it has ended, as often as it is called. What was loaded meanwhile can be stored no more.
 *
 * KEYS fences. ARGV epoch, token ('' for none: a flush), position (16 hex digits that the commit is before, '?' where nobody knows, ''
 * where it was rolled back), time to live of a fence, a generation for each fence.
 */
export const FINISH: string = `${FENCE_FUNCTIONS}
local lsn = ARGV[3]
for index, key in ipairs(KEYS) do
  local _, floor, marks = current_fence(key, ARGV[1])
  if lsn == '?' then
    floor = '?'
  elseif lsn ~= '' and floor ~= '?' and is_lower(floor, lsn) then
    floor = lsn
  end
  write_fence(key, ARGV[index + 4], floor, without_mark(marks, ARGV[2]), ARGV[4])
end
return #KEYS
`
