import type { PlanRefusal } from '../../plan/step.ts'
import type { Conversion } from '../conversion.ts'
import type { TableShape } from '../shape/table-shape.ts'

/** One finding of a preflight. */
export type Finding = Pick<PlanRefusal, 'reason' | 'message' | 'fix'>

/** What a rule of the preflight looks at. */
export interface Subject {
  readonly conversion: Conversion
  readonly shape: TableShape
  readonly acceptKey: boolean
}

/** A rule of the preflight: each finding names the object that is in the way. */
export type PreflightRule = (subject: Subject) => readonly Finding[]

/** The findings of a table. */
export function refusalsOf(conversion: Conversion, findings: readonly Finding[]): readonly PlanRefusal[] {
  return findings.map((finding) => ({ table: conversion.object, partition: undefined, ...finding }))
}
