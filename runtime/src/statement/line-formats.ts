const lineFormats = /^JSON\w*EachRow/;

/** Whether each row of a format is one JSON value that ends with a line feed, also the last one. */
export function isLineFormat(format: string): boolean {
  return lineFormats.test(format);
}
