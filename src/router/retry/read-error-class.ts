/**
 * What a failed read means for where it may go next.
 *
 * - `unreachable`: it never reached a server; the target is counted towards its ejection
 * - `lost`: its session ended; the target is counted towards its ejection
 * - `busy`: the target or its pooler has no room; it is not counted, and the primary is not asked instead, which would be next
 * - `conflict`: a standby cancelled it for what it had to replay, or a primary for another transaction
 * - `wrong-target`: it did what no read may, or no standby can
 * - `final`: it would fail anywhere, or may not be sent again
 */
export type ReadErrorClass = 'unreachable' | 'busy' | 'lost' | 'conflict' | 'wrong-target' | 'final'
