/**
 * What the scripts share. A fence is `<gen>|<floor>|<pending>`: what entries are valid under, how far a replica must have come (`?`
 * where nobody knows, else 16 upper-case hex digits), and the marks of transactions that have not ended, each
 * `<token>:<deadline in ms of Redis TIME>:<evidence>`, with commas between them.
 */
export const FENCE_FUNCTIONS = `
local function read_fence(key)
  local text = redis.call('GET', key)
  if not text then return nil end
  return string.match(text, '^([^|]+)|([^|]+)|([^|]*)$')
end

-- A fence of another life of Redis may have lost what was written to it: only its marks are believed.
local function current_fence(key, epoch)
  local gen, floor, marks = read_fence(key)
  if gen and string.sub(gen, 1, #epoch + 1) == epoch .. '.' then return gen, floor, marks end
  return nil, '?', marks or ''
end

local function write_fence(key, gen, floor, marks, ttl)
  return redis.call('SET', key, gen .. '|' .. floor .. '|' .. marks, 'PX', ttl)
end

local function without_mark(marks, token)
  local kept = {}
  for mark in string.gmatch(marks, '[^,]+') do
    if string.match(mark, '^[^:]*') ~= token then kept[#kept + 1] = mark end
  end
  return table.concat(kept, ',')
end

-- As numbers of 32 bits: Lua compares strings by the locale, and in Danish 'AA' comes after 'Z'; 64 bits do not fit its numbers.
local function is_lower(lsn, other)
  local high, other_high = tonumber(string.sub(lsn, 1, 8), 16), tonumber(string.sub(other, 1, 8), 16)
  if high ~= other_high then return high < other_high end
  return tonumber(string.sub(lsn, 9), 16) < tonumber(string.sub(other, 9), 16)
end

local function now_us()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end
`
