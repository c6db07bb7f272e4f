import { FENCE_FUNCTIONS } from './fence-functions.lua.ts'

/**
 * The marks of a fence whose time is over, each put off, so that only one process asks the database about it.
 *
 * KEYS fence. ARGV milliseconds to put them off by, time to live of a fence.
 *
 * @returns token and evidence of each
 */
export const CLAIM: string = `${FENCE_FUNCTIONS}
local gen, floor, marks = read_fence(KEYS[1])
if not gen or marks == '' then return {} end
local now_ms = now_us() / 1000
local claimed, kept = {}, {}
for mark in string.gmatch(marks, '[^,]+') do
  local token, deadline, evidence = string.match(mark, '^([^:]*):(%d+):([^:]*)$')
  if token and tonumber(deadline) <= now_ms then
    claimed[#claimed + 1] = token
    claimed[#claimed + 1] = evidence
    mark = token .. ':' .. string.format('%.0f', now_ms + ARGV[1]) .. ':' .. evidence
  end
  kept[#kept + 1] = mark
end
if #claimed > 0 then write_fence(KEYS[1], gen, floor, table.concat(kept, ','), ARGV[2]) end
return claimed
`
