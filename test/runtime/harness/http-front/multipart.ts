import { notImplemented, ServerException } from './exceptions.js';

/** Returns the fields of a body of the type multipart/form-data. @throws ServerException */
export function formFields(body: Buffer, contentType: string): [name: string, value: string][] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (boundary === null) throw new ServerException(36, 'BAD_ARGUMENTS', 'The body is multipart/form-data, and its type has no boundary.');
  const delimiter = `\r\n--${boundary[1] ?? boundary[2] ?? ''}`;
  // The first delimiter is at the start of the body, the last one has two hyphens behind it.
  const parts = `\r\n${body.toString('latin1')}`.split(delimiter).slice(1, -1);
  return parts.map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const headers = part.slice(0, end);
    const name = /\bname="([^"]*)"/i.exec(headers)?.[1];
    if (end === -1 || name === undefined) throw new ServerException(36, 'BAD_ARGUMENTS', 'The body has a part without a name.');
    if (/\bfilename=/i.test(headers)) throw notImplemented(`The form has the file \`${name}\`, which would be an external table.`);
    return [utf8(name), utf8(part.slice(end + 4))];
  });
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
