/** Removes what is stored, ARGV[1], unless somebody has stored something else by now. */
export const DROP_TOKEN = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`
