import type {
  Leaf,
  LooseTable,
  PartitionCatalog,
  RelationState,
} from '../../../../src/partitioning/catalog/partition-catalog.ts'
import type { LedgerRow, LedgerState } from '../../../../src/partitioning/ledger/ledger-row.ts'
import type { PartitionStep } from '../../../../src/partitioning/plan/step.ts'

const US_PER_DAY = 86_400_000_000n

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] }
/** A table of the simulation: attached where it has bounds. */
interface Table extends Mutable<Omit<RelationState, 'isEmpty'>> {
  isEmpty: boolean
  attached:
    | { isDefault: boolean; lowUs: bigint | undefined; highUs: bigint | undefined; pending: boolean }
    | undefined
  checks: string[]
}

const NAME = '"((?:[^"]|"")*)"'
const IDENT = `${NAME}\\.${NAME}`
const VALUES =
  /\('((?:[^']|'')*)', '((?:[^']|'')*)', (?:(\d+)|'((?:[^']|'')*)'::pg_catalog\.regclass), (-?\d+|null), (-?\d+|null), '(\w+)'(?:, pg_catalog\.now\(\), (null|pg_catalog\.now\(\) \+ pg_catalog\.make_interval\(days => (\d+)\)))?\)/g

/**
 * A database of one table in months that does what the statements of a plan say, as far as a catalog shows it. It knows the forms of
 * statements by their text, and throws at any other: what a plan sends, it has to understand.
 */
export class SimulatedDatabase {
  #catalog: PartitionCatalog
  readonly #tables: Table[]
  #ledger: LedgerRow[]
  #nextOid = 50_000
  /** Names of tables with rows that were dropped while the ledger did not say `archived`. */
  readonly lost: string[] = []

  constructor(catalog: PartitionCatalog) {
    const [state] = catalog.tables
    if (!state) throw new Error('The simulation is of one table.')
    this.#catalog = catalog
    this.#ledger = [...state.ledger]
    this.#tables = [
      ...state.leaves.map((leaf) => ({
        ...leaf,
        isEmpty: leaf.isEmpty ?? false,
        checks: [],
        attached: {
          isDefault: leaf.isDefault,
          lowUs: leaf.lowUs,
          highUs: leaf.highUs,
          pending: leaf.detachPending,
        },
      })),
      ...state.loose.map((loose) => ({
        ...loose,
        isEmpty: loose.isEmpty ?? true,
        checks: [...loose.checks],
        attached: undefined,
      })),
    ]
  }

  get catalog(): PartitionCatalog {
    const [state] = this.#catalog.tables
    if (!state) throw new Error('unreachable')
    const leaves = this.#tables.flatMap(({ attached, checks, isEmpty, ...table }): Leaf[] =>
      attached
        ? [
            {
              ...table,
              isEmpty: attached.isDefault ? isEmpty : undefined,
              isDefault: attached.isDefault,
              lowUs: attached.lowUs,
              highUs: attached.highUs,
              detachPending: attached.pending,
              missingIndexes: [],
            },
          ]
        : [],
    )
    const loose = this.#tables.flatMap(({ attached, ...table }): LooseTable[] => (attached ? [] : [table]))
    return { ...this.#catalog, tables: [{ ...state, leaves, loose, ledger: this.#ledger }] }
  }

  get ledger(): readonly LedgerRow[] {
    return this.#ledger
  }

  /** Lets time pass. */
  pass(days: number): void {
    this.#catalog = { ...this.#catalog, nowUs: this.#catalog.nowUs + BigInt(days) * US_PER_DAY }
  }

  /** Does a step as a whole; or, of a detach, only what an interrupted one does. */
  run(step: PartitionStep, interrupted = false): void {
    if (step.kind === 'gate') return
    for (const statement of step.statements) this.#run(statement.replaceAll('\n', ' '), interrupted)
  }

  #run(sql: string, interrupted: boolean): void {
    for (const [pattern, act] of this.#forms(interrupted)) {
      const found = new RegExp(`^${pattern}$`).exec(sql)
      if (!found) continue
      act(
        found.slice(1).map((part = '') => part.replaceAll('""', '"')),
        sql,
      )
      return
    }
    throw new Error(`The simulation does not know: ${sql}`)
  }

  #forms(interrupted: boolean): [pattern: string, act: (parts: string[], sql: string) => void][] {
    const nothing = () => {}
    return [
      ['do .*;', nothing],
      ['(?:revoke|grant) select on table .* (?:from|to) "owner";', nothing],
      ['(?:lock table|analyze|comment on table) .*;', nothing],
      [`create schema ${NAME} authorization ${NAME};`, ([name = '']) => this.#prepareSchema(name)],
      [`revoke all on schema ${NAME} from .* cascade;`, ([name]) => this.#closeSchema(name)],
      ['create table if not exists leasehold\\.partition_ledger .*;', () => this.#prepare({ ledger: true })],
      [
        '(?:create schema if not exists leasehold|alter table leasehold\\.|revoke all on table leasehold\\.).*;',
        nothing,
      ],
      [
        `create table ${IDENT} \\(like ${IDENT} including all excluding identity\\);`,
        (names) => this.#create(names),
      ],
      [
        `alter table ${IDENT} owner to ${NAME};`,
        ([schema, name, owner = '']) => {
          this.#table(schema, name).owner = owner
        },
      ],
      [
        `alter table ${IDENT} enable row level security;`,
        ([schema, name]) => {
          this.#table(schema, name).rowSecurity = true
        },
      ],
      [
        `alter table ${IDENT} (no )?force row level security;`,
        ([schema, name, no]) => {
          this.#table(schema, name).forceRowSecurity = no === ''
        },
      ],
      [`alter table ${IDENT} replica identity full;`, nothing],
      [
        `drop policy ${NAME} on ${IDENT};`,
        ([, schema, name]) => {
          Object.assign(this.#table(schema, name), { policies: 0, policyNames: [] })
        },
      ],
      [
        `revoke all on table ${IDENT} from (.*) cascade;`,
        ([schema, name, roles = '']) => this.#revoke(schema, name, roles),
      ],
      [
        `alter table ${IDENT} add constraint ${NAME} check \\(.*\\);`,
        ([schema, name, check = '']) => {
          this.#table(schema, name).checks.push(check)
        },
      ],
      [
        `alter table ${IDENT} drop constraint (if exists )?${NAME};`,
        ([schema, name, , constraint]) => {
          const table = this.#table(schema, name)
          table.checks = table.checks.filter((each) => each !== constraint)
          table.foreignKeys = table.foreignKeys.filter((each) => each.name !== constraint)
        },
      ],
      [
        `alter table ${IDENT} attach partition ${IDENT} for values from \\('(.*)'\\) to \\('(.*)'\\);`,
        (parts) => this.#attach(parts),
      ],
      [
        `alter table ${IDENT} detach partition ${IDENT} (concurrently|finalize);`,
        ([, , schema, name, how]) => this.#detach(schema, name, how === 'finalize', interrupted),
      ],
      [
        `alter table ${IDENT} set schema ${NAME};`,
        ([schema, name, to = '']) => {
          if (this.#find(to, name)) throw new Error(`42P07: ${to}.${name}`)
          this.#table(schema, name).schema = to
        },
      ],
      [`drop table ${IDENT};`, ([schema, name]) => this.#drop(schema, name)],
      ['insert into leasehold\\.partition_ledger .*;', (_, sql) => this.#note(sql)],
      [
        `update leasehold\\.partition_ledger as noted set state = 'archived'.* noted\\.oid = (\\d+) .*;`,
        ([oid]) => this.#change(oid, { state: 'archived', archiveUri: 'file:///a', rows: 1n, sha256: 'ab' }),
      ],
      [
        `update leasehold\\.partition_ledger set state = 'dropped'.* oid = (\\d+);`,
        ([oid]) => this.#change(oid, { state: 'dropped' }),
      ],
      [
        `delete from leasehold\\.partition_ledger where .* oid = (\\d+) and state = 'staged';`,
        ([oid]) => {
          this.#ledger = this.#ledger.filter((row) => row.oid !== Number(oid))
        },
      ],
    ]
  }

  #find(schema: string | undefined, name: string | undefined): Table | undefined {
    return this.#tables.find((table) => table.schema === schema && table.name === name)
  }

  #table(schema: string | undefined, name: string | undefined): Table {
    const table = this.#find(schema, name)
    if (!table) throw new Error(`42P01: ${schema}.${name}`)
    return table
  }

  #prepare(change: Partial<PartitionCatalog['prepared']>): void {
    this.#catalog = { ...this.#catalog, prepared: { ...this.#catalog.prepared, ...change } }
  }

  #prepareSchema(name: string): void {
    this.#prepare(name.endsWith('_parts') ? { partsSchema: true } : { detachedSchema: true })
  }

  #closeSchema(name: string | undefined): void {
    const schemas = this.#catalog.schemas.map((each) =>
      each.name === name ? { ...each, grantees: [] } : each,
    )
    this.#catalog = { ...this.#catalog, schemas }
  }

  #create([schema = '', name = '']: string[]): void {
    if (this.#find(schema, name)) throw new Error(`42P07: ${schema}.${name}`)
    this.#nextOid += 1
    const grantees = this.#catalog.defaultPrivileges.map(({ grantee }) => grantee)
    this.#tables.push({
      oid: this.#nextOid,
      schema,
      name,
      owner: 'job',
      rowSecurity: false,
      forceRowSecurity: false,
      policies: 0,
      policyNames: [],
      grantees,
      foreignKeys: [],
      referencedBy: [],
      invalidIndexes: [],
      replicaIdentity: 'd',
      publications: [],
      isEmpty: true,
      attached: undefined,
      checks: [],
    })
  }

  #revoke(schema: string | undefined, name: string | undefined, roles: string): void {
    const gone = roles.split(', ').map((role) => (role === 'public' ? '' : role.slice(1, -1)))
    const table = this.#table(schema, name)
    table.grantees = table.grantees.filter((grantee) => !gone.includes(grantee))
  }

  #attach([, , schema, name, low = '', high = '']: string[]): void {
    const [lowUs, highUs] = [low, high].map(
      (text) => BigInt(Date.parse(text.replace('+00', 'Z'))) * 1_000n,
    ) as [bigint, bigint]
    for (const { attached, name: other } of this.#tables) {
      if (!attached || attached.isDefault) continue
      const { lowUs: from, highUs: to } = attached
      if ((from === undefined || from < highUs) && (to === undefined || to > lowUs))
        throw new Error(`42P17: ${name} overlaps ${other}`)
    }
    const table = this.#table(schema, name)
    table.attached = { isDefault: false, lowUs, highUs, pending: false }
    table.foreignKeys = (this.#catalog.tables[0]?.parent?.foreignKeys ?? []).map((key) => ({
      ...key,
      inherited: true,
    }))
  }

  #detach(
    schema: string | undefined,
    name: string | undefined,
    finalize: boolean,
    interrupted: boolean,
  ): void {
    const table = this.#table(schema, name)
    const pending = this.#tables.filter(({ attached }) => attached?.pending)
    const isMeant = finalize ? table.attached?.pending === true : pending.length === 0
    if (
      !table.attached ||
      !isMeant ||
      (!finalize && this.#tables.some(({ attached }) => attached?.isDefault))
    ) {
      throw new Error(`55000: detach of ${name}`)
    }
    if (interrupted) {
      table.attached.pending = true
      return
    }
    table.attached = undefined
    table.foreignKeys = table.foreignKeys.map((key) => ({ ...key, inherited: false }))
  }

  #drop(schema: string | undefined, name: string | undefined): void {
    const table = this.#table(schema, name)
    const row = this.#ledger.find(({ oid }) => oid === table.oid)
    if (table.attached || (!table.isEmpty && row?.state !== 'archived') || row?.hold !== undefined)
      this.lost.push(table.name)
    this.#tables.splice(this.#tables.indexOf(table), 1)
  }

  #change(oid: string | undefined, change: Partial<LedgerRow>): void {
    this.#ledger = this.#ledger.map((row) => (row.oid === Number(oid) ? { ...row, ...change } : row))
  }

  #note(sql: string): void {
    const { nowUs } = this.#catalog
    if (sql.search(VALUES) === -1) throw new Error(`The simulation does not know: ${sql}`)
    for (const [, table = '', partition = '', oid, ident = '', low, high, state, until, days] of sql.matchAll(
      VALUES,
    )) {
      const [, schema = '', name = ''] = new RegExp(`^${IDENT}$`).exec(ident) ?? []
      const found = oid === undefined ? this.#table(schema, name).oid : Number(oid)
      const before = this.#ledger.find((row) => row.oid === found)
      const fresh: LedgerRow = {
        table,
        partition,
        oid: found,
        lowUs: low === 'null' ? undefined : BigInt(low ?? 0),
        highUs: high === 'null' ? undefined : BigInt(high ?? 0),
        state: state as LedgerState,
        archiveUri: undefined,
        rows: undefined,
        sha256: undefined,
        detachedAtUs: until === undefined ? undefined : nowUs,
        dropAfterUs: days === undefined ? undefined : nowUs + BigInt(days) * US_PER_DAY,
        hold: before?.hold,
      }
      const isAnew = sql.includes('archive_uri = null')
      const row = before && !isAnew ? { ...before, partition, state: fresh.state } : fresh
      this.#ledger = [...this.#ledger.filter((each) => each.oid !== found), row]
    }
  }
}
