import { setTimeout as sleep } from 'node:timers/promises'
import { MIRA, type PlatformClinic, seededAccounts } from '@clinic/schema/seed'
import type { Platform } from '../platform.ts'
import { CLINIC_DATABASE } from '../topology.ts'
import { type Answer, EdgeClient } from './edge-client.ts'
import { FigureCounter, type Figures } from './figures.ts'
import type { Load, LoadOptions } from './load.ts'
import { type ApiCall, drawOperation, LISTS, type Operation, OVERVIEW, type Visitor } from './operations.ts'
import { orPage } from './pages.ts'
import { RowCheck, type RowCheckCounts } from './row-check.ts'
import { arrivals } from './shapes.ts'
import { signIn } from './sign-in.ts'

/** More than these, and the platform is not slow but down: what is due then is counted and not sent. */
const MOST_UNDER_WAY = 300
const KNOWN_IDS = 200
/** Out of 100 requests: those of a patient. */
const PATIENT_SHARE = 4
const TOKEN_HEADER = 'leasehold-token'
const API_HOST = 'api.platform.localhost'

export async function startLoad(
  { edge, secrets, seeded, topology }: Pick<Platform, 'edge' | 'secrets' | 'seeded' | 'topology'>,
  { shape, pages = false, perSecond = 60, random = Math.random }: LoadOptions,
): Promise<Load> {
  const client = new EdgeClient(edge.port)
  const rows = new RowCheck(topology.rig.primary.adminUrl(CLINIC_DATABASE))
  const counters = new Set<FigureCounter>()
  const staff = await staffOf(client, seeded.clinics, secrets.demoPassword)
  const patients = await profilesOfMira(client, seeded.clinics, secrets.demoPassword)
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()

  async function send(visitor: Visitor, operation: Operation, call: ApiCall): Promise<Answer | undefined> {
    const { consistencyToken, accessToken, owner } = visitor
    const headers: Record<string, string> = call.host
      ? { cookie: `session=${accessToken}` }
      : {
          authorization: `Bearer ${accessToken}`,
          ...(consistencyToken && { [TOKEN_HEADER]: consistencyToken }),
        }
    const beganMs = performance.now()
    let answer: Answer | undefined
    try {
      answer = await client.call({ host: API_HOST, headers, ...call })
    } catch {
      // Nothing answered: counted below as status 0.
    }
    const status = answer?.status ?? 0
    const ms = answer?.ms ?? performance.now() - beganMs
    for (const counter of counters)
      counter.count({ operation: operation.name, kind: operation.kind, status, ms })
    if (answer === undefined || status >= 300) return undefined
    rows.note(answer.text, owner, `${call.method ?? 'GET'} ${call.path}`)
    const token = answer.headers[TOKEN_HEADER]
    if (typeof token === 'string') visitor.consistencyToken = token
    return answer
  }

  async function visit(visitor: Visitor, drawn: Operation): Promise<void> {
    const call = drawn.call(visitor, random)
    const answer = call && (await send(visitor, drawn, call))
    if (!answer || call.host) return
    learn(visitor, answer.text)
    if (!call.readBack) return
    // What was just written must be there for its author, from whichever server the read is answered.
    const { id } = JSON.parse(answer.text) as { id: string }
    const path = call.readBack(id)
    const counted = [...counters]
    const found = await client
      .call({
        host: API_HOST,
        path,
        headers: {
          authorization: `Bearer ${visitor.accessToken}`,
          ...(visitor.consistencyToken && { [TOKEN_HEADER]: visitor.consistencyToken }),
        },
      })
      .catch(() => undefined)
    if (found?.status === 404) for (const counter of counted) counter.countStaleRead()
  }

  async function run(): Promise<void> {
    const { nextGapMs, nextClinic } = arrivals(shape, perSecond, random)
    const beganMs = performance.now()
    let dueMs = beganMs
    while (!stopping.signal.aborted) {
      dueMs += nextGapMs(performance.now() - beganMs)
      const waitMs = dueMs - performance.now()
      if (waitMs > 1) await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => {})
      if (stopping.signal.aborted) return
      if (underWay.size >= MOST_UNDER_WAY) {
        for (const counter of counters) counter.countNotSent()
        continue
      }
      const isPatient = random() * 100 < PATIENT_SHARE
      const visitors = isPatient ? patients : staff
      const visitor =
        visitors[isPatient ? Math.floor(random() * visitors.length) : nextClinic(visitors.length)]
      if (!visitor) continue
      const drawn = isPatient ? OVERVIEW : drawOperation(random)
      const operation = pages ? orPage(drawn, isPatient, random) : drawn
      const visiting = visit(visitor, operation).finally(() => underWay.delete(visiting))
      underWay.add(visiting)
    }
  }

  // The first writes need something to write on, so that seven of ten requests read from the first second on.
  await Promise.all(
    staff.map(async (visitor) => {
      for (const list of LISTS) {
        const call = list.call(visitor, random)
        const answer = call && (await send(visitor, list, call))
        if (answer) learn(visitor, answer.text)
      }
    }),
  )
  const total = new FigureCounter()
  counters.add(total)
  const running = run()
  let stopped: Promise<{ figures: Figures; rows: RowCheckCounts }> | undefined
  const stop = () => {
    stopped ??= (async () => {
      stopping.abort()
      await running
      await Promise.all(underWay)
      await rows.look().catch(() => {})
      await rows[Symbol.asyncDispose]()
      client[Symbol.dispose]()
      return { figures: total.figures(), rows: rows.counts }
    })()
    return stopped
  }
  return {
    get figures() {
      return total.figures()
    },
    get rows() {
      return rows.counts
    },
    measure() {
      const counter = new FigureCounter()
      counters.add(counter)
      return () => {
        counters.delete(counter)
        return counter.figures()
      }
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

async function staffOf(
  client: EdgeClient,
  clinics: readonly PlatformClinic[],
  password: string,
): Promise<readonly Visitor[]> {
  const accounts = seededAccounts(clinics.length).filter((account) => account.role === 'staff')
  return Promise.all(
    accounts.flatMap((account) => {
      const clinic = clinics.find(({ tenantId }) => tenantId === account.tenantId)
      if (!clinic) return []
      const owner = { tenantId: clinic.tenantId }
      return [signIn(client, account, password).then((token) => visitorOf(clinic.slug, owner, token))]
    }),
  )
}

async function profilesOfMira(
  client: EdgeClient,
  clinics: readonly PlatformClinic[],
  password: string,
): Promise<readonly Visitor[]> {
  const token = await signIn(client, MIRA, password)
  return clinics
    .filter(({ tenantId }) => MIRA.clinics.includes(tenantId))
    .map(({ slug, tenantId }) => visitorOf(slug, { tenantId, personId: MIRA.personId }, token))
}

function visitorOf(slug: string, owner: Visitor['owner'], accessToken: string): Visitor {
  return { slug, owner, accessToken, consistencyToken: undefined, patients: [], appointments: [] }
}

/** Remembers ids of lists, to ask for them later. */
function learn(visitor: Visitor, text: string): void {
  const { patients = [], appointments = [] } = JSON.parse(text) as {
    patients?: { id: string }[] | number
    appointments?: { id: string }[] | Record<string, number>
  }
  if (Array.isArray(patients)) remember(visitor.patients, patients)
  if (Array.isArray(appointments)) remember(visitor.appointments, appointments)
}

function remember(known: string[], rows: readonly { readonly id: string }[]): void {
  for (const { id } of rows) if (!known.includes(id)) known.push(id)
  if (known.length > KNOWN_IDS) known.splice(0, known.length - KNOWN_IDS)
}
