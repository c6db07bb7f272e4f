export { nextConfig as default } from '@clinic/web/next-config'
