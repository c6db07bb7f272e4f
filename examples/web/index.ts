export { logOut } from './log-out.ts'
export { forgetSession, keepSession, readSession } from './session-cookie.ts'
