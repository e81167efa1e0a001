/** Addresses below which the dashboard lives: the server answers each with the same page, which draws what the address says. */
export const dashboardPages = [
  '/sign-in',
  '/setup',
  '/join',
  '/reset-password',
  '/account',
  '/projects/new',
  '/p',
  '/p/*',
] as const
