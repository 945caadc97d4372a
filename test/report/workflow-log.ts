/** A command that the runner of GitHub Actions finds in a line of a step's output. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const commands = ['error', 'warning', 'notice', 'debug', 'group', 'endgroup', 'add-mask', 'stop-commands', 'set-output', 'save-state'];

/**
 * Reads the output of a step as the runner documents it. `::name key=value,key=value::message` at the start of a line, after white space,
 * is a command. `##[name]message` is one too, anywhere in a line. All other lines are text.
 */
export function readWorkflowLog(output: string): { readonly commands: readonly WorkflowCommand[]; readonly text: readonly string[] } {
  const lines = output.replace(/\n$/, '').split(/\r\n|\n|\r/);
  const parsed = lines.map((line) => ({ line, command: readCommand(line) }));
  return {
    commands: parsed.flatMap(({ command }) => (command ? [command] : [])),
    text: parsed.flatMap(({ line, command }) => (command ? [] : [line])),
  };
}

function readCommand(line: string): WorkflowCommand | undefined {
  const [, name = '', list = '', message = ''] = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
  if (commands.includes(name)) return { name, properties: readProperties(list), message: decode(message, { '%0D': '\r', '%0A': '\n' }) };
  const [, old = ''] = /##\[([^\s\]]+)[^\]]*\]/.exec(line) ?? [];
  return commands.includes(old) ? { name: old, properties: {}, message: line } : undefined;
}

function readProperties(list: string): Record<string, string> {
  const pairs = list
    .trim()
    .split(',')
    .filter((pair) => pair !== '')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
  const codes = { '%0D': '\r', '%0A': '\n', '%3A': ':', '%2C': ',' };
  return Object.fromEntries(pairs.map(([key, value]) => [key, decode(value, codes)]));
}

/** The runner decodes the percent sign last. */
function decode(text: string, codes: Readonly<Record<string, string>>): string {
  return Object.entries({ ...codes, '%25': '%' }).reduce((decoded, [code, character]) => decoded.replaceAll(code, character), text);
}
