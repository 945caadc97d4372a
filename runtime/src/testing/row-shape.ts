/** First character of a row in each format that `insert()` writes as JSON. */
function firstCharacterOf(format: string): '[' | '{' {
  return /^JSONCompact(?:Strings)?EachRow/.test(format) ? '[' : '{';
}

/**
 * Returns the exception of a server for values whose rows are lists in a format of objects, or objects in a format of lists. Undefined if all
 * rows have the right form, or if there are none.
 * @param values an array, or the object of a JSON format
 * @param stringify as `JSON.stringify`, which returns undefined for undefined
 */
export function exceptionOfShape(values: object, format: string, stringify: (value: unknown) => string | undefined): string | undefined {
  const expected = firstCharacterOf(format);
  const texts = (Array.isArray(values) ? values : [values]).map((row) => stringify(row) ?? 'undefined');
  const index = texts.findIndex((text) => !text.startsWith(expected) && !(texts.length === 1 && isListOfRows(text, expected)));
  if (index === -1) return undefined;
  return `Code: 27. DB::Exception: Cannot parse input: expected '${expected}' before: '${texts[index]}': (at row ${index + 1}): While reading ${format}. (CANNOT_PARSE_INPUT_ASSERTION_FAILED)`;
}

/** Whether the text is a list of objects, which a format of objects takes as the whole body. */
function isListOfRows(text: string, expected: '[' | '{'): boolean {
  return expected === '{' && /^\[\s*[{\]]/.test(text);
}
