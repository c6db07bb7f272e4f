/** How far away the pooler is. */
export type Distance = 'loopback' | '+1 ms each way'

export const DISTANCES: readonly Distance[] = ['loopback', '+1 ms each way']
