/** What the keys of the platform's cache start with: the same in every service, or one does not see what another forgets. */
export const CACHE_PREFIX = 'clinic:'

/**
 * What a service says to the cache when it writes to these tables, in the transaction that does: `cache.invalidate(tx, TAGS.patients)`. Also a
 * service that caches nothing itself.
 */
export const TAGS = { patients: 'patients', appointments: 'appointments' } as const
