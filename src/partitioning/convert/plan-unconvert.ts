import type { CatalogClient } from '../../rls/catalog/catalog-client.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import type { PartitionPlan, PartitionStep } from '../plan/step.ts'
import { Conversion, qualify } from './conversion.ts'
import { readDigest } from './guard.ts'
import { hasLedger, LedgerNotes } from './ledger-notes.ts'
import { findLegacy } from './marker.ts'
import { boundByOid } from './preflight/bound-by-oid.ts'
import { refusalsOf } from './preflight/refusal.ts'
import { rowsOutside } from './preflight/rows-outside.ts'
import { readPinned } from './shape/read-pinned.ts'
import { readShape } from './shape/read-shape.ts'
import type { TableShape } from './shape/table-shape.ts'
import { buildIndex } from './steps/build-index.ts'
import { dropProof } from './steps/prove-rows.ts'
import { swapBack } from './steps/swap-back.ts'
import { tableOf } from './table-of.ts'

/**
 * Plans how a conversion is taken back. Of one that did not come to its end it takes away what was begun. Of one that did it is legal
 * until the first row lies outside of the old table, which the swap back makes sure of under its lock.
 *
 * @param client connected to the primary, outside of a transaction, as a member of the table's owner
 * @param table the name of a table of the set, without its schema
 * @returns no steps where there is nothing to take back
 * @throws {RangeError} where the set has no such table
 */
export async function planUnconvert(
  client: CatalogClient,
  set: PartitionSet,
  table: string,
): Promise<PartitionPlan> {
  const conversion = new Conversion(set, tableOf(set, table))
  const { shape, legacy, planned, ledger } = await readPinned(client, async () => {
    const shape = await readShape(client, set.schema, table)
    const legacy = await readShape(client, set.partsSchema, conversion.legacyName)
    const planned = shape ? await readDigest(client, conversion.ident, []) : ''
    return { shape, legacy, planned, ledger: new LedgerNotes(conversion, await hasLedger(client)) }
  })
  if (shape?.kind === 'r') return { steps: dropLeftovers(conversion, shape), refusals: [] }
  const marker = shape && findLegacy(shape)?.marker
  if (!shape || !legacy || !marker) return { steps: [], refusals: [notConverted(conversion, shape)] }
  const findings = [
    ...boundByOid({ conversion, shape, acceptKey: true }),
    ...(await rowsOutside(client, conversion, shape, legacy.oid)),
  ]
  if (findings.length > 0) return { steps: [], refusals: refusalsOf(conversion, findings) }
  return {
    steps: [
      ...buildOldKey(conversion, legacy, marker.primaryKey),
      swapBack(conversion, shape, { planned, legacy, marker, ledger }),
    ],
    refusals: [],
  }
}

/** The old key is built anew before the swap; it fails where the new one has let in what the old one would have refused. */
function buildOldKey(
  conversion: Conversion,
  legacy: TableShape,
  primaryKey: string | undefined,
): readonly PartitionStep[] {
  if (primaryKey === undefined) return []
  const definition = primaryKey.replace(/^PRIMARY KEY /, '')
  const key = legacy.constraints.find(({ kind }) => kind === 'p')
  return buildIndex(conversion, {
    phase: 'unconvert',
    schema: conversion.set.partsSchema,
    table: conversion.legacyName,
    columns: (key?.columns ?? []).filter((name) => name !== conversion.table.key),
    definition,
    present: legacy.indexes.find(({ name }) => name === conversion.indexName),
  })
}

function dropLeftovers(conversion: Conversion, shape: TableShape): readonly PartitionStep[] {
  const { checkName, indexName, set } = conversion
  const steps: PartitionStep[] = []
  if (shape.constraints.some(({ name }) => name === checkName)) {
    steps.push(
      conversion.brief('unconvert', 'check', {
        purpose: 'Rows of any month are taken again.',
        statements: [dropProof(conversion)],
        locks: [conversion.lock('ACCESS EXCLUSIVE')],
      }),
    )
  }
  if (shape.indexes.some(({ name }) => name === indexName)) {
    steps.push(
      conversion.long('unconvert', 'drop-index', {
        purpose: 'The index of the new key is not needed any more.',
        statements: [`drop index concurrently if exists ${qualify(set.schema, indexName)};`],
        locks: [conversion.lock('SHARE UPDATE EXCLUSIVE')],
      }),
    )
  }
  return steps
}

function notConverted(
  { object, legacyObject }: Conversion,
  shape: TableShape | undefined,
): PartitionPlan['refusals'][number] {
  return {
    table: object,
    partition: undefined,
    reason: 'not-converted',
    message: shape
      ? `${object} has no partition that was the table before a conversion; ${legacyObject} is not attached, or its comment is gone.`
      : `There is no table ${object}.`,
    fix: 'Only a conversion by leasehold can be taken back, and only while its first partition is attached.',
  }
}
