/** What is checked before a pool of the application's role is used for the first time. */
export interface VerifyOptions {
  /**
   * Whether row security holds for who the pool logs in as. Costs the first use of the pool one round trip, and nothing
   * afterwards:
   *
   * - `'role'` refuses with {@link RlsNotEnforcedError} a login role that is a superuser, has BYPASSRLS, or owns a table with
   *   row security or with the tenant column; one that is a member of a role like that; and sessions with row_security off.
   *   The pool `system` must log in as another role.
   * - `'audit'` also runs `leasehold audit` as that role and refuses what it says is an error. It reads the catalogs for up to a
   *   few seconds.
   * - `false` checks nothing.
   *
   * @default 'role'
   */
  readonly verifyOnStart?: 'role' | 'audit' | AuditOnStart | false
  /**
   * What to do when the server's version is below one that fixed a hole in row security: `'warn'` publishes an event on the
   * channel `leasehold:warning` that names the CVEs, `'refuse'` throws {@link RlsNotEnforcedError}. @default 'warn'
   */
  readonly minServerPatch?: 'warn' | 'refuse'
}

/** Runs the audit on start with what it cannot know by itself. */
export interface AuditOnStart {
  readonly audit: {
    /** Tables that belong to no tenant and that all may see, as `schema.table`. */
    readonly shared?: readonly string[]
    /** Tables whose tenant column has another name, by `schema.table`. */
    readonly tenantColumns?: Readonly<Record<string, string>>
    /** Roles that make backups, which must see every row. */
    readonly backupRoles?: readonly string[]
  }
}
