import { openLog } from '../lib/log.ts'
import { serve } from '../serve.ts'
import { CommandFault, type Terminal } from './terminal.ts'

const firstSteps = (setupLink: string) => `
Nobody has set this instance up yet. Open this link, once, to become its owner:

  ${setupLink}

Or without a browser, in a second terminal, in the same directory:

  npm run -s cli -- project:create --name demo
  npm run -s cli -- key:create --project demo --preset write
`

/**
 * `serve`: the server, until the first SIGTERM or SIGINT; then what is under way is finished. Log lines go to stdout as
 * JSON, the few lines for a person to stderr, so that neither gets in the other's way.
 */
export async function serveUntilStopped(terminal: Terminal): Promise<void> {
  const config = terminal.config()
  const log = openLog(config.logLevel)
  const stopped = terminal.stopped()
  for (const [limit, { max, seconds }] of Object.entries(config.rateLimits)) {
    log.warn({ limit, setting: `${max}/${seconds}` }, 'RATE_LIMITS replaces a rate limit')
  }
  const service = await serve(config, log).catch((error) => {
    if (error?.code === 'EADDRINUSE') throw new CommandFault(`Port ${config.port} is taken; choose another with PORT.`)
    throw error
  })
  log.info({ url: service.url }, 'Ready')
  terminal.err(`Countersign is ready: ${service.url}`)
  if (service.setupLink) terminal.err(firstSteps(service.setupLink))
  log.info({ signal: await stopped }, 'Stopping')
  terminal.err('Countersign is stopping; once more to stop at once.')
  await service.close()
  log.info('Stopped')
}
