/** Frees the lease KEYS[1] of a load that failed, if it is still that of ARGV[1], and wakes who waits on the channel ARGV[2]. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.pcall('PUBLISH', ARGV[2], '')
return 1
`
