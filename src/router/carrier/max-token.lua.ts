/**
 * Raises what is stored for one reader, and returns it. Two tokens are kept, `<position>;<lost>`, either of which may be empty:
 * that of the highest position, and that of the position that was lost last, each behind what it is compared by.
 *
 * position: system (20 characters), timeline (10 digits), LSN (20), issued (15), token. lost: time (15 digits), token.
 *
 * ARGV: time to live, token, system, timeline with LSN and issued, time of the loss; the third to fifth may be ''.
 * Digits only, for Lua compares strings by the locale, and in Danish 'aa' comes after 'z'.
 *
 * @see https://redis.io/docs/latest/develop/programmability/eval-intro/
 */
export const MAX_TOKEN = `
local ttl, token, system, order, lost = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local before = redis.call('GET', KEYS[1]) or ''
local cut = string.find(before, ';', 1, true)
local high = cut and string.sub(before, 1, cut - 1) or ''
local loss = cut and string.sub(before, cut + 1) or ''

local function lose(time, text)
  if loss == '' or time > string.sub(loss, 1, 15) then loss = time .. text end
end

if lost ~= '' then lose(lost, token) end
if order ~= '' then
  local issued, highIssued = string.sub(order, 31), string.sub(high, 51, 65)
  if high == '' then
    high = system .. order .. token
  elseif string.sub(high, 1, 20) == system then
    if order > string.sub(high, 21, 65) then high = system .. order .. token end
  elseif issued > highIssued then
    -- Positions of two systems cannot be compared: what the older token stands for counts as lost.
    lose(highIssued, string.sub(high, 66))
    high = system .. order .. token
  else
    lose(issued, token)
  end
end

local after = high .. ';' .. loss
if after ~= before then redis.call('SET', KEYS[1], after, 'PX', ttl) end
return after
`
