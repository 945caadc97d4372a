import { createPrivateKey } from 'node:crypto';

/**
 * Certificates and keys for tests only, created by openssl, valid until 2100 unless noted, in DER as base64. The key of the authority was
 * deleted.
 */
const certificates = {
  /** For `localhost`, signed by the authority. */
  valid: {
    key: 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/AQNSCZV/jCZ71ROOo4OlwD5NGrEv8s1pScoShF/o+ShRANCAAQGpXLlgMah4H+DujwMCJNAXKtdKerS+wcrXS2sqhtxjdPDlnfKgb+U6RyG1sYlaCZphzCG1y9QOJspU1V0tlFi',
    certificate:
      'MIIBkjCCATigAwIBAgIURjV+rjOKntEC4EyD0OldXjErhgEwCgYIKoZIzj0EAwIwIjEgMB4GA1UEAwwXY2xpY2tob3VzZS1zc290IHRlc3QgQ0EwIBcNMjYxMTI0MDQ1NjQxWhgPMjEwMDEwMjcwNDU2NDFaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAalcuWAxqHgf4O6PAwIk0Bcq10p6tL7BytdLayqG3GN08OWd8qBv5TpHIbWxiVoJmmHMIbXL1A4mylTVXS2UWKjWDBWMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUhNcZaKONs/Y6WcwQSz1b1nHhEYgwHwYDVR0jBBgwFoAUp7QJ8m2sKjcW0Vjo1HmMiOt/Bn8wCgYIKoZIzj0EAwIDSAAwRQIhAKSaZ9GfZiualUCWAhM6xTQjPXIKd8TP9PeL2+hz/ckPAiAie7NMz11IGo5E6eMJYOBSWAFYPNopuJlIEepKLXgVFQ==',
  },
  /** For `other.example`, signed by the authority. */
  'wrong-host': {
    key: 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRy6RwDNxDCxMtUE8fwvxMqVrLQhrSEIMURxJ0+NPd0ihRANCAATmFPotN3IYiYouBNsxC78KhHfST/mAgvaGE8Nl55eooyfxmZrep15BIAF6CR7Hvm4xk74tUB0q0pXok74H9MqH',
    certificate:
      'MIIBmjCCAUCgAwIBAgIURjV+rjOKntEC4EyD0OldXjErhgIwCgYIKoZIzj0EAwIwIjEgMB4GA1UEAwwXY2xpY2tob3VzZS1zc290IHRlc3QgQ0EwIBcNMjYxMTI0MDQ1NjQxWhgPMjEwMDEwMjcwNDU2NDFaMBgxFjAUBgNVBAMMDW90aGVyLmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATmFPotN3IYiYouBNsxC78KhHfST/mAgvaGE8Nl55eooyfxmZrep15BIAF6CR7Hvm4xk74tUB0q0pXok74H9MqHo1wwWjAYBgNVHREEETAPgg1vdGhlci5leGFtcGxlMB0GA1UdDgQWBBRLwe4Zog3Pjucu8F0Psf/PuKieITAfBgNVHSMEGDAWgBSntAnybawqNxbRWOjUeYyI638GfzAKBggqhkjOPQQDAgNIADBFAiEA2UkjgrurQvpHAcZ7/gWAFhwybtFpMHmzlznXy/KKuT4CIBXmlOiIginrYrFJwHltF+6XmbpeheFTf7QWt36ddB64',
  },
  /** For `localhost`, signed by the authority, expired in February 2020. */
  expired: {
    key: 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNnJDpLQCwdRTbgYs9tD0lfFZsR7x21vzQxgG1WwPqjGhRANCAARHSF4Ouo0XQCfdP83aPt+R0RW3FLDIKk+yK45tKxi1WNZlwCKn1rLGD3R1TFtTRWDjpTFYPe2YUFtj2iujcLHf',
    certificate:
      'MIIBfDCCASOgAwIBAgIBATAKBggqhkjOPQQDAjAiMSAwHgYDVQQDDBdjbGlja2hvdXNlLXNzb3QgdGVzdCBDQTAeFw0yMDAxMDEwMDAwMDBaFw0yMDAyMDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEdIXg66jRdAJ90/zdo+35HRFbcUsMgqT7Irjm0rGLVY1mXAIqfWssYPdHVMW1NFYOOlMVg97ZhQW2PaK6Nwsd+jWDBWMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQU9tsJuR4LztxcEVVcRa81asW2fo8wHwYDVR0jBBgwFoAUp7QJ8m2sKjcW0Vjo1HmMiOt/Bn8wCgYIKoZIzj0EAwIDRwAwRAIgEMJZWASXSUas/ubOtt7AqnmG0v4WSGJF/C0txC2RkrECIGBu7j00o8iIpXp7w4eKuhDFIuiiXT9JC8Y1lknaGBtd',
  },
  /** For `localhost`, self-signed. */
  'self-signed': {
    key: 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkq8jFCSr9SRQBCo3AfBzwQinpDK4M9hgi8+xf6QOKuuhRANCAAQbDAuvGTjSYgHimzmyc50D+o4AmunC3MAMVqHHFjkw1s7zydu37/cxScvrC9qk5KJZS2aeIrn5q4LVjHX/AFBo',
    certificate:
      'MIIBlDCCATugAwIBAgIUHGj3QmdrILkVAv8VQ2cli9gDHp0wCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDA0NTY0MVoYDzIxMDAxMDI3MDQ1NjQxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQbDAuvGTjSYgHimzmyc50D+o4AmunC3MAMVqHHFjkw1s7zydu37/cxScvrC9qk5KJZS2aeIrn5q4LVjHX/AFBoo2kwZzAdBgNVHQ4EFgQUCzK011UrlhZExGnjvV7XYG4eg24wHwYDVR0jBBgwFoAUCzK011UrlhZExGnjvV7XYG4eg24wDwYDVR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwIDRwAwRAIgKt+Y8JPTUzW6EaLa9lLPzw/ygYJfVDHgokipFSL6z1gCIESfMLe8B9l9BVl4k0KJy3+lQ1aHB5+eFYy1tpl2/Tx3',
  },
} as const;

const authorityDer =
  'MIIBmjCCAUGgAwIBAgIUSb1YHp8eHzmT+uJ1PF2KL07KzKEwCgYIKoZIzj0EAwIwIjEgMB4GA1UEAwwXY2xpY2tob3VzZS1zc290IHRlc3QgQ0EwIBcNMjYxMTI0MDQ1NjQxWhgPMjEwMDEwMjcwNDU2NDFaMCIxIDAeBgNVBAMMF2NsaWNraG91c2Utc3NvdCB0ZXN0IENBMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAElQQr2UekjPeVXbOAvLjpeMwj3iocXX6PLyjaQx41Cta/0zr2qtk8GMMoDArjxifVUb+OFWUfutOpQOYZvpMayaNTMFEwHQYDVR0OBBYEFKe0CfJtrCo3FtFY6NR5jIjrfwZ/MB8GA1UdIwQYMBaAFKe0CfJtrCo3FtFY6NR5jIjrfwZ/MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgew/wkb1yLBJ/Oe+hdfLkOO8BWCf9EuTmymgRhASImGECID9trvkCZgwr3hLRH7PnMS5fk+aol63KNWcfWmu2tuqJ';

export type CertificateName = keyof typeof certificates;

/** Returns the key and the certificate of a server in PEM. */
export function certificateOf(name: CertificateName): { readonly key: string; readonly cert: string } {
  const { key, certificate } = certificates[name];
  const pem = createPrivateKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' });
  return { key: pem.toString(), cert: toPem(certificate) };
}

/** The certificate of the authority in PEM. */
export const authority = toPem(authorityDer);

function toPem(der: string): string {
  return `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`;
}
