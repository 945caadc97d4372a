export { awsSecret, type AwsSecretReader } from './secrets/aws.js';
export { cached, type CacheOptions } from './secrets/cached.js';
export { type FreshCredentials, type FreshnessOptions, keepCredentialsFresh } from './secrets/credentials.js';
export { fileSecret } from './secrets/file.js';
export { googleSecret, type GoogleSecretReader } from './secrets/google.js';
export { loadClickHouseConfigWithSecrets } from './secrets/load.js';
export type { Credentials, PasswordCredentials, SecretSource, TokenCredentials } from './secrets/source.js';
