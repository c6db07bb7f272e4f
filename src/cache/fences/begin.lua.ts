import { FENCE_FUNCTIONS } from './fence-functions.lua.ts'

/**
 * Marks fences before a transaction that overwrites what they stand for commits: entries under them are valid no more, and none is
 * stored until the mark is gone.
 *
 * KEYS fences. ARGV epoch, token, milliseconds until others may ask for the outcome, evidence, time to live of a fence, a generation
 * for each fence.
 */
export const BEGIN: string = `${FENCE_FUNCTIONS}
local token = ARGV[2]
local mark = token .. ':' .. string.format('%.0f', now_us() / 1000 + ARGV[3]) .. ':' .. ARGV[4]
for index, key in ipairs(KEYS) do
  local _, floor, marks = current_fence(key, ARGV[1])
  local others = without_mark(marks, token)
  write_fence(key, ARGV[index + 5], floor, others == '' and mark or others .. ',' .. mark, ARGV[5])
end
return #KEYS
`
