import type { ConsoleParts } from './console-parts.ts'
import { byStatus, type Status, worst } from './status.ts'

/** Something that an operator should look at, and where. */
export interface AttentionItem {
  readonly status: Status
  readonly title: string
  readonly detail: string
  /** The section that shows it. */
  readonly anchor: string
}

/** How it stands, in one line. */
export interface Verdict {
  readonly status: Status
  readonly title: string
}

/** All that is not as it should be, the worst first. */
export function listAttention(parts: ConsoleParts): readonly AttentionItem[] {
  const { services, budgets, replicas, caches, calendars, audits, tenants, pools } = parts
  const items: readonly AttentionItem[] = [
    ...services.map(({ status, name, note }) => ({ status, title: name, detail: note, anchor: 'services' })),
    ...replicas.map(({ status, id, state, meaning }) => ({
      ...{ status, title: `Replica ${id} is ${state}`, detail: meaning, anchor: 'replicas' },
    })),
    ...budgets.map(({ status, database, note }) => ({
      ...{ status, title: `Connections to ${database}`, detail: note, anchor: 'connections' },
    })),
    ...pools.map(({ status, service, name, waiting }) => ({
      ...{
        status,
        title: `${service}, pool ${name}`,
        detail: `${waiting} callers wait`,
        anchor: 'connections',
      },
    })),
    ...caches.map(({ status, service, note }) => ({
      ...{ status, title: `Cache of ${service}`, detail: note, anchor: 'cache' },
    })),
    ...calendars.map(({ status, key, note }) => ({
      ...{ status, title: `Months of ${key}`, detail: note, anchor: 'partitions' },
    })),
    ...audits.map(({ status, database, note }) => ({
      ...{ status, title: `Audit of ${database}`, detail: note, anchor: 'audit' },
    })),
    ...tenants.tenants.map(({ status, name, share }) => ({
      ...{
        status,
        title: `${name} is noisy`,
        detail: `Takes ${Math.round(share * 100)} % of the time`,
        anchor: 'tenants',
      },
    })),
  ]
  return items.filter(({ status }) => status !== 'ok').toSorted(byStatus)
}

/** The worst of it in words. */
export function verdictOf(items: readonly AttentionItem[]): Verdict {
  const status = worst(items.map((item) => item.status))
  const times = items.filter((item) => item.status === status).length
  const things = `${times} ${times === 1 ? 'thing' : 'things'}`
  const titles: Readonly<Record<Status, string>> = {
    ok: 'Everything is as it should be',
    unknown: `${things} cannot be seen`,
    warn: `${things} to look at`,
    bad: `${things} out of order`,
  }
  return { status, title: titles[status] }
}
