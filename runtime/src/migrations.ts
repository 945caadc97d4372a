export type { MigrationService } from './migrations/journal.js';
export { migrate, type MigrateOptions, type MigrateResult } from './migrations/migrate.js';
export { MigrationError, type MigrationFailure, type MigrationPosition } from './migrations/migration-error.js';
