import { readSecret, type SecretSource } from './source.js';

interface AwsAnswer {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
}

/** The `SecretsManager` of the AWS SDK, or a function: `(input) => client.send(new GetSecretValueCommand(input))`. */
export type AwsSecretReader =
  { getSecretValue(input: { SecretId: string }): Promise<AwsAnswer> } | ((input: { SecretId: string }) => Promise<AwsAnswer>);

/** A secret of AWS Secrets Manager, by its name or ARN: a password, or the JSON that the database templates make. */
export function awsSecret(reader: AwsSecretReader, id: string): SecretSource {
  return {
    get: async () => {
      const { SecretString, SecretBinary } = await (typeof reader === 'function'
        ? reader({ SecretId: id })
        : reader.getSecretValue({ SecretId: id }));
      const stored = SecretString ?? SecretBinary;
      if (stored === undefined) throw new Error(`${id} has no value.`);
      return readSecret(stored);
    },
    describe: () => id,
  };
}
