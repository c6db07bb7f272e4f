export { logOut as POST } from '@clinic/web'
