import { isError } from '../errors/is-error.js';
import { invalidSecret, parseSecret, type SecretSource } from './source.js';

interface AwsRequest {
  SecretId: string;
  VersionStage?: string;
}

interface AwsResponse {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** The `SecretsManager` of the AWS SDK, or a function: `(input) => client.send(new GetSecretValueCommand(input))`. */
export type AwsSecretReader =
  | {
      /** Resolves with the value of the secret, or of one version stage. */
      getSecretValue(input: AwsRequest): Promise<AwsResponse>;
    }
  | ((input: AwsRequest) => Promise<AwsResponse>);

/**
 * Returns a source for a secret of AWS Secrets Manager: a password, or JSON as in the templates for databases.
 *
 * `get` rejects with the error of the SDK, or with ConfigError if the secret holds no password. `getPending` reads the version
 * `AWSPENDING`: a rotation changes the password of the server some seconds before that version becomes the current one.
 * @param id name or ARN of the secret
 */
export function awsSecret(reader: AwsSecretReader, id: string): SecretSource {
  const read = async (stage: { VersionStage?: string } = {}) => {
    const request = { SecretId: id, ...stage };
    const { SecretString, SecretBinary } = await (typeof reader === 'function' ? reader(request) : reader.getSecretValue(request));
    const stored = SecretString ?? SecretBinary;
    if (stored === undefined) throw invalidSecret(`no value in ${id}`);
    return parseSecret(stored, id);
  };
  return {
    get: () => read(),
    getPending: () =>
      read({ VersionStage: 'AWSPENDING' }).catch((failure: unknown) => {
        if (isError(failure) && failure.name === 'ResourceNotFoundException') return undefined;
        throw failure;
      }),
    describe: () => id,
  };
}
