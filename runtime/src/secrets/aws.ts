import { readSecret, type SecretSource, unusable } from './source.js';

interface AwsQuestion {
  SecretId: string;
  VersionStage?: string;
}

interface AwsAnswer {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** The `SecretsManager` of the AWS SDK, or a function: `(input) => client.send(new GetSecretValueCommand(input))`. */
export type AwsSecretReader = { getSecretValue(input: AwsQuestion): Promise<AwsAnswer> } | ((input: AwsQuestion) => Promise<AwsAnswer>);

/** A secret of AWS Secrets Manager, by its name or ARN: a password, or the JSON that the database templates make. */
export function awsSecret(reader: AwsSecretReader, id: string): SecretSource {
  const read = async (stage: { VersionStage?: string } = {}) => {
    const question = { SecretId: id, ...stage };
    const { SecretString, SecretBinary } = await (typeof reader === 'function' ? reader(question) : reader.getSecretValue(question));
    const stored = SecretString ?? SecretBinary;
    if (stored === undefined) throw unusable(`that ${id} has no value`);
    return readSecret(stored, id);
  };
  return {
    get: () => read(),
    // A rotation changes the server's password first, and calls it the current one seconds later.
    getPending: () =>
      read({ VersionStage: 'AWSPENDING' }).catch((failure: unknown) => {
        if (failure instanceof Error && failure.name === 'ResourceNotFoundException') return undefined;
        throw failure;
      }),
    describe: () => id,
  };
}
