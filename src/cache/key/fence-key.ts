import { escapeTag, escapeText } from './escape.ts'

/** Where the keys of a tenant lie: those of one group in one slot of a Redis Cluster. */
export interface SlotParts {
  /** What all keys start with; without braces. */
  readonly prefix: string
  readonly tenant: string
  readonly group: string
}

/** No escaped tag is one star. */
const TENANT_TAG = '*'

/** The hash tag of a slot: `{tenant|group}`, of which neither holds a brace or a bar. */
export function slotOf({ tenant, group }: Omit<SlotParts, 'prefix'>): string {
  return `{${escapeText(tenant)}|${escapeText(group)}}`
}

/** The fences of a value: first that of the tenant, then of each tag, once. @throws {RangeError} a tag that is no well-formed Unicode */
export function fencesOf(prefix: string, slot: string, tags: readonly string[]): readonly string[] {
  const place = `${prefix}f:${slot}:`
  const fences = [place + TENANT_TAG]
  for (const tag of tags) {
    const fence = place + escapeTag(tag)
    if (!fences.includes(fence)) fences.push(fence)
  }
  return fences
}

/** The fence of a tag. @throws {RangeError} a tag that is no well-formed Unicode */
export function tagFence(slot: SlotParts, tag: string): string {
  return `${slot.prefix}f:${slotOf(slot)}:${escapeTag(tag)}`
}

/** The fence that everything of a tenant in a group depends on. */
export function tenantFence(slot: SlotParts): string {
  return `${slot.prefix}f:${slotOf(slot)}:${TENANT_TAG}`
}
