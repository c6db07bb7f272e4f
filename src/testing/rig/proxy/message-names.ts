import { FrameKind, type Kind } from './frame-reader.ts'

/** One way through the proxy, named after who sends: `'client'` is the front end, `'server'` the back end. */
export type Direction = 'client' | 'server'

// PostgreSQL docs, "Frontend/Backend Protocol: Message Formats". The two sides use one letter for different
// messages (`D` is Describe or DataRow), so there are two tables.
const NAMES: Readonly<Record<Direction, Readonly<Record<string, string>>>> = {
  client: {
    B: 'Bind',
    C: 'Close',
    D: 'Describe',
    E: 'Execute',
    F: 'FunctionCall',
    H: 'Flush',
    P: 'Parse',
    Q: 'Query',
    S: 'Sync',
    X: 'Terminate',
    c: 'CopyDone',
    d: 'CopyData',
    f: 'CopyFail',
    p: 'PasswordOrSASLOrGSSResponse',
  },
  server: {
    '1': 'ParseComplete',
    '2': 'BindComplete',
    '3': 'CloseComplete',
    A: 'NotificationResponse',
    C: 'CommandComplete',
    D: 'DataRow',
    E: 'ErrorResponse',
    G: 'CopyInResponse',
    H: 'CopyOutResponse',
    I: 'EmptyQueryResponse',
    K: 'BackendKeyData',
    N: 'NoticeResponse',
    R: 'Authentication',
    S: 'ParameterStatus',
    T: 'RowDescription',
    V: 'FunctionCallResponse',
    W: 'CopyBothResponse',
    Z: 'ReadyForQuery',
    c: 'CopyDone',
    d: 'CopyData',
    n: 'NoData',
    s: 'PortalSuspended',
    t: 'ParameterDescription',
    v: 'NegotiateProtocolVersion',
  },
}

const UNTYPED: ReadonlyMap<Kind, string> = new Map([
  [FrameKind.startupMessage, 'StartupMessage'],
  [FrameKind.cancelRequest, 'CancelRequest'],
  [FrameKind.sslRequest, 'SSLRequest'],
  [FrameKind.gssencRequest, 'GSSENCRequest'],
  [FrameKind.encryptionAccepted, 'EncryptionAccepted'],
  [FrameKind.encryptionRefused, 'EncryptionRefused'],
])

/** The type letter of a message, `''` for one that has none. */
export function typeOf(kind: Kind): string {
  return kind > 0 && kind < 256 ? String.fromCharCode(kind) : ''
}

/** The name the PostgreSQL docs give a message; undefined for one they do not list. */
export function nameOf(direction: Direction, kind: Kind): string | undefined {
  return UNTYPED.get(kind) ?? NAMES[direction][typeOf(kind)]
}
