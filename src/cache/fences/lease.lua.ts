import { FENCE_FUNCTIONS } from './fence-functions.lua.ts'

/**
 * Says what to do where no valid entry was read: take the one that is there by now, load, wait for who loads, or load for oneself
 * while a transaction that overwrites the value has not ended. Fences that are missing, or of another epoch, are made.
 *
 * KEYS value, lease, fences. ARGV epoch, token, milliseconds of the lease, time to live of a fence, ordinal above which an entry is
 * a hit ('' any, '~' none is), a generation for each fence.
 *
 * @returns `hit` and the value, `pending` and nothing, `wait` and milliseconds, or `load` and the ordinal; then the fences
 */
export const LEASE: string = `${FENCE_FUNCTIONS}
local epoch, token, lease_ms, ttl, newer_than = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local gens, reply, is_pending = {}, { 'load', '' }, false
for index = 3, #KEYS do
  local gen, floor, marks = current_fence(KEYS[index], epoch)
  if not gen then
    gen = ARGV[index + 3]
    write_fence(KEYS[index], gen, floor, marks, ttl)
  end
  gens[#gens + 1] = gen
  reply[#reply + 1] = gen .. '|' .. floor .. '|' .. marks
  is_pending = is_pending or marks ~= ''
end

local function answer(kind, detail)
  reply[1], reply[2] = kind, detail
  return reply
end

if is_pending then return answer('pending', '') end

if newer_than ~= '~' then
  local value = redis.call('GET', KEYS[1])
  local head = table.concat(gens, ',') .. '\\n'
  if value and string.sub(value, 1, #head) == head then
    local ordinal = string.match(value, '^(%d+)\\n', #head + 1)
    if ordinal and (newer_than == '' or tonumber(ordinal) > tonumber(newer_than)) then
      return answer('hit', value)
    end
  end
end

local holder = redis.call('GET', KEYS[2])
if holder and holder ~= token then return answer('wait', redis.call('PTTL', KEYS[2])) end
redis.call('SET', KEYS[2], token, 'PX', lease_ms)
return answer('load', string.format('%.0f', now_us()))
`
