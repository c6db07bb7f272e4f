import type { PreflightRule } from './refusal.ts'

/** Triggers and publications that mean something else on a partitioned table. */
export const behaviour: PreflightRule = ({ conversion: { object }, shape }) => [
  ...shape.triggers
    .filter(({ hasRowTransition }) => hasRowTransition)
    .map(({ name }) => ({
      reason: 'trigger-transition-table',
      message: `The trigger ${name} of ${object} is FOR EACH ROW with a transition table, which PostgreSQL refuses on partitioned tables.`,
      fix: `Make ${name} a trigger FOR EACH STATEMENT, or one without REFERENCING.`,
    })),
  ...shape.publications
    .filter(({ viaRoot }) => !viaRoot)
    .map(({ name }) => ({
      reason: 'publication-by-leaf',
      message: `The publication ${name} publishes ${object} without publish_via_partition_root: after the swap its subscribers would be told of tables that they do not have.`,
      fix: `ALTER PUBLICATION ${name} SET (publish_via_partition_root = true);`,
    })),
]
