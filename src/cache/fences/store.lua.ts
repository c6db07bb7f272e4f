import { FENCE_FUNCTIONS } from './fence-functions.lua.ts'

/**
 * Stores what was loaded under a lease, if nothing that it depends on was overwritten since and its source had come far enough.
 * Frees the lease, and wakes who waits for it, in any case.
 *
 * KEYS value, lease, fences. ARGV token, ordinal, generations of the lease with commas between them, source ('p' or 'r'), LSN or '',
 * time to live of the entry, entry, channel, time to live of a fence.
 *
 * @returns `stored`, `gen`, `pending`, `lsn` or `newer`
 */
export const STORE: string = `${FENCE_FUNCTIONS}
local token, ordinal, gens, source, lsn = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local function store()
  local found, unknown, highest, is_pending = {}, {}, nil, false
  for index = 3, #KEYS do
    local gen, floor, marks = read_fence(KEYS[index])
    if not gen then return 'gen' end
    found[#found + 1] = gen
    is_pending = is_pending or marks ~= ''
    if floor == '?' then
      unknown[#unknown + 1] = index
    elseif not highest or is_lower(highest, floor) then
      highest = floor
    end
  end
  if table.concat(found, ',') ~= gens then return 'gen' end
  if is_pending then return 'pending' end
  if source ~= 'p' then
    if lsn == '' or #unknown > 0 or (highest and is_lower(lsn, highest)) then return 'lsn' end
  end

  -- An entry of other generations is nobody's value any more, whatever its ordinal.
  local head = redis.call('GETRANGE', KEYS[1], 0, #gens + 20)
  if string.sub(head, 1, #gens + 1) == gens .. '\\n' then
    local present = string.match(head, '^(%d+)\\n', #gens + 2)
    if present and tonumber(present) > tonumber(ordinal) then return 'newer' end
  end

  -- The position was read after the lease was granted, so it is behind everything that was acknowledged before.
  if source == 'p' and lsn ~= '' then
    for _, index in ipairs(unknown) do write_fence(KEYS[index], found[index - 2], lsn, '', ARGV[9]) end
  end
  redis.call('SET', KEYS[1], ARGV[7], 'PX', ARGV[6])
  return 'stored'
end

-- Without memory left the lease is freed all the same.
local is_done, outcome = pcall(store)
if redis.call('GET', KEYS[2]) == token then redis.call('DEL', KEYS[2]) end
redis.pcall('PUBLISH', ARGV[8], '')
if is_done then return outcome end
return type(outcome) == 'table' and outcome or redis.error_reply(tostring(outcome))
`
