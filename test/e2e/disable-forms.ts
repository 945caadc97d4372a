const rule = 'clickhouse-ssot/no-direct-client';

/** A file with client constructions and a disable comment. */
export interface DisableForm {
  readonly name: string;
  readonly code: string;
  /** The linter that the comment names. The audit must agree with it. */
  readonly linter: 'eslint' | 'oxlint';
  readonly extension: 'ts' | 'tsx' | 'js' | 'cjs' | 'mts';
}

/** Forms that both linters have. `PREFIX` stands for the linter's name, `RULE` for the rule. */
const common: Readonly<Record<string, string>> = {
  'a line comment before the line': '// PREFIX-disable-next-line RULE\ncreateClient();',
  'a block comment before the line': '/* PREFIX-disable-next-line RULE */\ncreateClient();',
  'no names': '// PREFIX-disable-next-line\ncreateClient();',
  'a reason': '// PREFIX-disable-next-line RULE -- why\ncreateClient();',
  'a reason without names': '// PREFIX-disable-next-line -- why\ncreateClient();',
  'several names': '// PREFIX-disable-next-line no-console, RULE\ncreateClient();',
  'names separated by spaces': '// PREFIX-disable-next-line no-console RULE\ncreateClient();',
  'a name without prefix': '// PREFIX-disable-next-line no-direct-client\ncreateClient();',
  'a name with another prefix': '// PREFIX-disable-next-line other/no-direct-client\ncreateClient();',
  'the name of another rule': '// PREFIX-disable-next-line no-console\ncreateClient();',
  'a quoted name': `// PREFIX-disable-next-line 'RULE'\ncreateClient();`,
  'a comment of two lines': '/* PREFIX-disable-next-line\n RULE */\ncreateClient();',
  'a comment of two lines with stars': '/*\n * PREFIX-disable-next-line\n * RULE */\ncreateClient();',
  'a reason of two lines': '/* PREFIX-disable-next-line RULE -- because\n of this */\ncreateClient();',
  'an empty line between': '// PREFIX-disable-next-line RULE\n\ncreateClient();',
  'a comment between': '// PREFIX-disable-next-line RULE\n// more\ncreateClient();',
  'spaces in front': '//    PREFIX-disable-next-line RULE\ncreateClient();',
  'no space in front': '//PREFIX-disable-next-line RULE\ncreateClient();',
  'a documentation comment': '/** PREFIX-disable-next-line RULE */\ncreateClient();',
  'text in front': '// please PREFIX-disable-next-line RULE\ncreateClient();',
  'text behind': '// PREFIX-disable-next-line RULE because\ncreateClient();',
  'a colon': '// PREFIX-disable-next-line: RULE\ncreateClient();',
  'a comma at the end': '// PREFIX-disable-next-line RULE,\ncreateClient();',
  'a comma alone': '// PREFIX-disable-next-line ,\ncreateClient();',
  'one dash before the reason': '// PREFIX-disable-next-line RULE - why\ncreateClient();',
  'dashes without a space': '// PREFIX-disable-next-line RULE-- why\ncreateClient();',
  'three dashes': '// PREFIX-disable-next-line RULE --- why\ncreateClient();',
  'the last line of a file': 'createClient();\n// PREFIX-disable-next-line RULE',
  'a finding behind the comment on its line': '/* PREFIX-disable-next-line RULE */ createClient();\ncreateClient();',
  'a comment at the end of the line': 'createClient(); // PREFIX-disable-line RULE',
  'a block comment at the end of the line': 'createClient(); /* PREFIX-disable-line RULE */',
  'a block comment at the start of the line': '/* PREFIX-disable-line RULE */ createClient();',
  'the line without names': 'createClient(); // PREFIX-disable-line',
  'the line by a comment of two lines': 'createClient(); /* PREFIX-disable-line\n RULE */',
  'the last line of a call': 'createClient({\n}); // PREFIX-disable-line RULE',
  'the first line of a call': 'createClient({ // PREFIX-disable-line RULE\n});',
  'a statement that begins a line earlier': '// PREFIX-disable-next-line RULE\nconst x =\n  createClient();',
  'two comments on one line': 'createClient(); // PREFIX-disable-line no-console -- x /* PREFIX-disable-line RULE */',
  'the whole file': '/* PREFIX-disable */\ncreateClient();\ncreateClient();',
  'the rule in the whole file': '/* PREFIX-disable RULE */\ncreateClient();',
  'the rule in the whole file, with a reason': '/* PREFIX-disable RULE -- why */\ncreateClient();',
  'the rule by a line comment': '// PREFIX-disable RULE\ncreateClient();',
  'all rules by a line comment': '// PREFIX-disable\ncreateClient();',
  'the rest of the file': 'createClient();\n/* PREFIX-disable RULE */\ncreateClient();',
  'the rest of the line': 'createClient(); /* PREFIX-disable RULE */ createClient();',
  'a comment inside the finding': 'createClient /* PREFIX-disable RULE */ ();',
  'until the rule is enabled': '/* PREFIX-disable RULE */\ncreateClient();\n/* PREFIX-enable RULE */\ncreateClient();',
  'until the rule is enabled by a line comment': '/* PREFIX-disable RULE */\ncreateClient();\n// PREFIX-enable RULE\ncreateClient();',
  'the rule until all are enabled': '/* PREFIX-disable RULE */\ncreateClient();\n/* PREFIX-enable */\ncreateClient();',
  'all until the rule is enabled': '/* PREFIX-disable */\ncreateClient();\n/* PREFIX-enable RULE */\ncreateClient();',
  'all until another rule is enabled': '/* PREFIX-disable */\ncreateClient();\n/* PREFIX-enable no-console */\ncreateClient();',
  'twice until all are enabled':
    '/* PREFIX-disable RULE */\n/* PREFIX-disable RULE */\ncreateClient();\n/* PREFIX-enable */\ncreateClient();',
  'twice until enabled once':
    '/* PREFIX-disable RULE */\n/* PREFIX-disable RULE */\ncreateClient();\n/* PREFIX-enable RULE */\ncreateClient();',
  'disabled, enabled and disabled':
    '/* PREFIX-disable RULE */\ncreateClient();\n/* PREFIX-enable RULE */\ncreateClient();\n/* PREFIX-disable RULE */\ncreateClient();',
  'an enabled line that a line comment disables': '/* PREFIX-enable RULE */\ncreateClient(); // PREFIX-disable-line RULE',
  'a list over several lines': '/* PREFIX-disable\n  no-console,\n  RULE\n*/\ncreateClient();',
  'a word that begins alike': '/* PREFIX-disabled RULE */\ncreateClient();',
  'upper case': '/* PREFIX-DISABLE RULE */\ncreateClient();',
  'a comment in a string': 'export const text = "/* PREFIX-disable RULE */"; createClient();',
  'a comment in a template': 'export const text = `\n// PREFIX-disable-next-line RULE\n${createClient()}`;',
  'a comment in a template, before a line': 'export const text = `/* PREFIX-disable */`;\ncreateClient();',
  'a comment in the hole of a template': 'export const text = `${createClient() /* PREFIX-disable-line RULE */}`;',
  'a comment in a regular expression': 'export const text = /[/* PREFIX_disable */]\\/* PREFIX-disable *\\//;\ncreateClient();',
  'a comment in a comment': 'createClient(); // x /* PREFIX-disable-line RULE */',
  'a comment among arguments': 'createClient(/* PREFIX-disable-line RULE */);',
  'a comment in front of a member': 'export const pool = {\n  // PREFIX-disable-next-line RULE\n  client: createClient(),\n};',
  'a comment in an empty block': 'export function f() { /* PREFIX-disable RULE */ }\ncreateClient();',
  'a comment in a class': 'export class Pool {\n  /* PREFIX-disable RULE */\n  client = createClient();\n}',
  'a comment before a decorator':
    'const d = (_: unknown) => () => {};\nexport class Pool {\n  // PREFIX-disable-next-line RULE\n  @d(createClient()) x = 1;\n}',
  'lines that end in CRLF': '// PREFIX-disable-next-line RULE\r\ncreateClient();\r\ncreateClient();',
  'a line separator': '// PREFIX-disable-next-line RULE\u2028createClient();\u2028createClient();',
  'a surrogate pair before the finding': 'export const face = "😀"; createClient(); // PREFIX-disable-line RULE',
  'a comment behind all code': 'createClient();\n/* PREFIX-disable RULE */',
};

const jsx: Readonly<Record<string, string>> = {
  'text of an element': 'export const e = <p>/* PREFIX-disable-line RULE */ // PREFIX-disable-line {createClient()}</p>;',
  'a comment as child': 'export const e = <p>\n{/* PREFIX-disable-next-line RULE */}\n{createClient()}</p>;',
  'an attribute that is a string': 'export const e = <p title="/* PREFIX-disable */">{createClient()}</p>;',
  'a comment behind an element': 'export const e = <p>{createClient()}</p>; // PREFIX-disable-line RULE',
  'a comment in a child': 'export const e = <p>{createClient()/* PREFIX-disable-line RULE */}</p>;',
  'a comment in a closing tag': 'export const e = <p>{createClient()}</p /* PREFIX-disable-line RULE */>;',
  'text with an apostrophe': `export const e = <p>don't {/* PREFIX-disable-next-line RULE */}\n{createClient()}</p>;`,
  'a comment between attributes': 'export const e = <p\n// PREFIX-disable-next-line RULE\ntitle={createClient()} />;',
};

/** Comments that ESLint alone has. */
const ofEslint: Readonly<Record<string, string>> = {
  'a rule that is configured as off': '/* eslint RULE: off */\ncreateClient();',
  'a rule that is configured as off behind the finding': 'createClient();\n/* eslint "RULE": "off" */',
  'a rule that is configured as 0 among others': '/* eslint no-console: 2, RULE: 0 */\ncreateClient();',
  'a rule that is configured as an array': '/* eslint RULE: ["off"] */\ncreateClient();',
  'a rule that is configured as a warning': '/* eslint RULE: warn */\ncreateClient();',
  'a rule that is configured by a line comment': '// eslint RULE: off\ncreateClient();',
  'a configuration that cannot be read': '/* eslint RULE off */\ncreateClient();',
};

function formsOf(
  codes: Readonly<Record<string, string>>,
  linter: DisableForm['linter'],
  extension: DisableForm['extension'],
): DisableForm[] {
  return Object.entries(codes).map(([name, code]) => ({
    name: `${linter}: ${name} (.${extension})`,
    code: code.replaceAll('PREFIX', linter).replaceAll('RULE', rule),
    linter,
    extension,
  }));
}

const script = { 'a script': 'createClient(); // PREFIX-disable-line RULE\ncreateClient();' };
const shebang = { 'a shebang': 'createClient();' };

export const disableForms: readonly DisableForm[] = (['eslint', 'oxlint'] as const).flatMap((linter) => [
  ...formsOf(common, linter, 'ts'),
  ...formsOf(jsx, linter, 'tsx'),
  ...formsOf(script, linter, 'js'),
  ...formsOf(script, linter, 'mts'),
  ...formsOf(shebang, linter, 'cjs'),
  ...(linter === 'eslint' ? formsOf(ofEslint, linter, 'ts') : []),
]);

/** The text of a form's file. */
export function textOf({ extension, code, linter }: DisableForm): string {
  return extension === 'cjs'
    ? `#!/usr/bin/env node // ${linter}-disable\nconst { createClient } = require('@clickhouse/client');\n${code}\n`
    : `import { createClient } from '@clickhouse/client';\n${code}\n`;
}

/** Comments of ESLint that oxlint reads in another way, by the name of the form. `docs/hosts.md` says how. */
export const readDifferentlyByOxlint: readonly string[] = [
  'names separated by spaces',
  'a quoted name',
  'text behind',
  'one dash before the reason',
  'dashes without a space',
  'a finding behind the comment on its line',
  'a block comment at the start of the line',
  'the line by a comment of two lines',
  'the rule by a line comment',
  'all rules by a line comment',
  'until the rule is enabled by a line comment',
  'the rule until all are enabled',
  'all until the rule is enabled',
  'twice until all are enabled',
  'a line separator',
  'a rule that is configured as off',
  'a rule that is configured as off behind the finding',
  'a rule that is configured as 0 among others',
  'a rule that is configured as an array',
].map((name) => `eslint: ${name} (.ts)`);
