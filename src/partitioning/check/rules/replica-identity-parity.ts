import type { ReplicaIdentity } from '../../catalog/partition-catalog.ts'
import { type PartitionRule, tableRule } from '../partition-rule.ts'
import { identOf, objectOf } from '../relation-name.ts'

const WORDS: Readonly<Record<ReplicaIdentity, string>> = {
  d: 'default',
  n: 'nothing',
  f: 'full',
  i: 'using an index',
}

/** LIKE does not copy it. With another one than its parent has, updates of published rows fail, or name other columns. */
export const replicaIdentityParity: PartitionRule = tableRule({
  id: 'replica-identity-parity',
  invariant: 'I10',
  title: 'A partition has another replica identity than its parent',
  severity: 'warning',
  find: ({ parent, leaves }) =>
    leaves
      .filter(({ replicaIdentity }) => parent !== undefined && replicaIdentity !== parent.replicaIdentity)
      .map((leaf) => {
        const wanted = parent?.replicaIdentity ?? 'd'
        return {
          object: objectOf(leaf),
          message: `Its replica identity is ${WORDS[leaf.replicaIdentity]}, that of its parent ${WORDS[wanted]}.`,
          fix: 'Give it that of its parent, with a lock_timeout: it locks the partition for a moment.',
          ...(wanted === 'i'
            ? {}
            : { sql: `alter table ${identOf(leaf)} replica identity ${WORDS[wanted]};` }),
        }
      }),
})
