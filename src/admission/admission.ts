import { type ContextTenant, isNoTenant } from '../context/no-tenant.ts'
import { ConfigError } from '../errors/config.ts'
import { type QueueCounts, QueueFullError } from '../errors/connection.ts'
import type { AdmissionRules } from './admission-rules.ts'
import { FairQueue, type TenantBacklog } from './fair-queue.ts'
import type { Waiter } from './waiter.ts'

/** Counts and durations since the start, and how things stand. */
export interface AdmissionSnapshot {
  /** Places that there are. */
  readonly capacity: number
  /** Places that are taken. */
  readonly inUse: number
  readonly waiting: number
  /** Tenants that have waiters. */
  readonly tenantsWaiting: number
  /** Requests that were given a place. */
  readonly admitted: number
  /** Those of them that had to wait for it. */
  readonly admittedAfterWait: number
  /** How long these waited, together and the longest. */
  readonly waitedMs: number
  readonly waitedMaxMs: number
}

/**
 * Decides who gets the next of a number of places, fairly between tenants. It neither waits nor looks at a
 * clock: whoever calls it says what time it is, and calls {@link leave} for a waiter that has waited long enough.
 *
 * A place is never free while somebody waits. What is promised between tenants that both have waiters all the while,
 * of equal weight: over any stretch of time they are given numbers of places that differ by at most the quantum.
 */
export class Admission {
  #capacity: number
  readonly #rules: AdmissionRules
  readonly #queue: FairQueue
  #inUse = 0
  #admitted = 0
  #admittedAfterWait = 0
  #waitedMs = 0
  #waitedMaxMs = 0

  /**
   * @param capacity places that there are
   * @param quantum places that a tenant of weight 1 is given in one turn, at least 1; the smallest mixes best
   */
  constructor(capacity: number, rules: AdmissionRules = {}, quantum = 1) {
    this.#capacity = capacity
    this.#rules = rules
    this.#queue = new FairQueue(quantum)
  }

  /** How many waiters there are, of all tenants. */
  get waiting(): number {
    return this.#queue.length
  }

  /** Whether a place is free. */
  get hasRoom(): boolean {
    return this.#inUse < this.#capacity
  }

  /** There are more places now, or fewer: those that are taken stay taken. */
  resize(capacity: number, nowMs: number): void {
    this.#capacity = capacity
    this.#admitWaiting(nowMs)
  }

  /**
   * Gives a new waiter a place at once, or has it wait for one.
   *
   * @throws {QueueFullError} it would have to wait, and as many wait already as may
   * @throws {ConfigError} its tenant's weight is not a number of at least 1
   */
  enter(waiter: Waiter, nowMs: number): void {
    const weight = this.#weigh(waiter.tenant)
    waiter.enteredAtMs = nowMs
    if (this.hasRoom) {
      this.#admit(waiter, nowMs)
      return
    }
    this.#refuseIfFull(waiter)
    waiter.state = 'waiting'
    this.#queue.append(waiter, weight)
  }

  /**
   * Takes a waiter out of the queue, because its deadline has passed or it was cancelled.
   *
   * @returns false when it does not wait: it was admitted, or has left before
   */
  leave(waiter: Waiter): boolean {
    if (waiter.state !== 'waiting') return false
    waiter.state = 'gone'
    this.#queue.remove(waiter)
    return true
  }

  /** Gives the place of an admitted waiter back, and with it admits the next. Of no effect when it has none. */
  release(waiter: Waiter, nowMs: number): void {
    if (waiter.state !== 'admitted') return
    waiter.state = 'gone'
    this.#inUse -= 1
    this.#admitWaiting(nowMs)
  }

  /** What an error about this waiter tells. */
  countsFor(waiter: Waiter): QueueCounts {
    return {
      waiting: this.#queue.length,
      tenants: this.#queue.tenants,
      waitingOfTenant: this.#queue.lengthOf(waiter.tenant),
      ahead: this.#queue.ahead(waiter),
    }
  }

  snapshot(): AdmissionSnapshot {
    return Object.freeze({
      capacity: this.#capacity,
      inUse: this.#inUse,
      waiting: this.#queue.length,
      tenantsWaiting: this.#queue.tenants,
      admitted: this.#admitted,
      admittedAfterWait: this.#admittedAfterWait,
      waitedMs: this.#waitedMs,
      waitedMaxMs: this.#waitedMaxMs,
    })
  }

  /** The tenants with the most waiters, most first. Takes time for every tenant that waits. */
  longestQueues(count: number): readonly TenantBacklog[] {
    return this.#queue.longest(count)
  }

  #admitWaiting(nowMs: number): void {
    // Asked for in this order: looking whose turn it is begins that turn.
    while (this.hasRoom) {
      const next = this.#queue.peek()
      if (!next) return
      if (next.deadlineMs > nowMs) {
        this.#queue.shift()
        this.#recordWait(nowMs - next.enteredAtMs)
        this.#admit(next, nowMs)
      } else {
        this.leave(next)
        next.onExpired(nowMs)
      }
    }
  }

  #admit(waiter: Waiter, nowMs: number): void {
    waiter.state = 'admitted'
    this.#inUse += 1
    this.#admitted += 1
    waiter.onAdmitted(nowMs)
  }

  #recordWait(waitedMs: number): void {
    this.#admittedAfterWait += 1
    this.#waitedMs += waitedMs
    this.#waitedMaxMs = Math.max(this.#waitedMaxMs, waitedMs)
  }

  #refuseIfFull(waiter: Waiter): void {
    const { maxQueue = Infinity, maxQueuePerTenant = Infinity } = this.#rules
    if (this.#queue.lengthOf(waiter.tenant) >= maxQueuePerTenant) {
      throw new QueueFullError('tenant', maxQueuePerTenant, this.countsFor(waiter))
    }
    if (this.#queue.length >= maxQueue) throw new QueueFullError('pool', maxQueue, this.countsFor(waiter))
  }

  #weigh(tenant: ContextTenant): number {
    const weight = isNoTenant(tenant) ? 1 : (this.#rules.weight?.(tenant) ?? 1)
    if (typeof weight !== 'number' || !(weight >= 1) || weight === Infinity) {
      throw new ConfigError('options.admission.weight must return a number of at least 1 for every tenant.')
    }
    return weight
  }
}
