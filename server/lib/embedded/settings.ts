import type { Home } from './home.ts'

/** The port only names the socket file. */
export const port = 5432

/** The server's settings, given on its command line so that a release can change them. */
export function settingsOf(home: Home): Record<string, string> {
  return {
    // A list: quoted, for paths with spaces and commas.
    unix_socket_directories: `"${home.run.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    listen_addresses: '',
    port: String(port),
    max_connections: '100',
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    // What was acknowledged survives a power cut.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // The log never holds a value: no statements, no parameters, no DETAIL, and no ERROR (its text quotes bad input).
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_duration: 'off',
    log_min_duration_statement: '-1',
    log_min_duration_sample: '-1',
    log_transaction_sample_rate: '0',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    // Nor does it grow while nothing happens.
    log_checkpoints: 'off',
    log_autovacuum_min_duration: '-1',
  }
}
