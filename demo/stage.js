import pc from 'picocolors';

const maxWidth = 100;
const indent = '  ';

/** Prints the acts and counts their claims. */
export class Stage {
  /** @type {{ claim: string, holds: boolean }[]} */
  #claims = [];
  #startedAt = performance.now();
  #out;

  /** @param {NodeJS.WriteStream} out */
  constructor(out) {
    this.#out = out;
  }

  /** Prints the title of an act. @param {string} title */
  open(title) {
    this.#print(`\n${pc.bold(pc.cyan(title))}`);
  }

  /** Prints an explanation. @param {string} text */
  say(text) {
    this.#print(wrap(text, this.#width, indent));
  }

  /** Prints the output of a program. @param {string} text */
  show(text) {
    this.#print(wrap(text.trimEnd(), this.#width - indent.length, indent.repeat(2)), pc.dim);
  }

  /** Prints the lines of a diff in color. @param {readonly string[]} lines */
  showDiff(lines) {
    for (const line of lines) this.#print(indent.repeat(2) + line, line.startsWith('-') ? pc.red : pc.green);
  }

  /**
   * Prints and counts a claim.
   * @param {string} claim
   * @param {boolean} holds
   */
  claim(claim, holds) {
    this.#claims.push({ claim, holds });
    this.#print(wrap(`${holds ? '✔' : '✘'} ${claim}`, this.#width, indent), holds ? pc.green : pc.red);
  }

  /** Prints the totals. @returns {boolean} whether every claim holds */
  close() {
    const failed = this.#claims.filter(({ holds }) => !holds);
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    this.#print('');
    if (failed.length === 0) this.#print(pc.bold(pc.green(`All ${this.#claims.length} claims hold. The demo took ${seconds} s.`)));
    else this.#print(pc.bold(pc.red(`${failed.length} of ${this.#claims.length} claims do not hold. The demo took ${seconds} s.`)));
    return this.#claims.length > 0 && failed.length === 0;
  }

  /** Width of the terminal, and `maxWidth` at most. */
  get #width() {
    return Math.min(this.#out.columns ?? maxWidth, maxWidth);
  }

  /**
   * Prints each line, in the color of `paint`.
   * @param {string} text
   * @param {(line: string) => string} [paint]
   */
  #print(text, paint = (line) => line) {
    for (const line of text.split('\n')) this.#out.write(`${line === '' ? '' : paint(line)}\n`);
  }
}

/**
 * Wraps lines between words. A continued line keeps the indentation of its first part.
 * @param {string} text
 * @param {number} width
 * @param {string} margin
 */
function wrap(text, width, margin) {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(margin + line, width))
    .join('\n');
}

/**
 * Wraps one line. A word that is too long stays in one piece.
 * @param {string} line
 * @param {number} width
 * @returns {string[]}
 */
function wrapLine(line, width) {
  if (line.length <= width) return [line];
  const margin = /^\s*(?:[✔✘] |-> )?/.exec(line)?.[0].length ?? 0;
  const breakAt = line.lastIndexOf(' ', width);
  if (breakAt <= margin) return [line];
  return [line.slice(0, breakAt).trimEnd(), ...wrapLine(' '.repeat(margin) + line.slice(breakAt + 1), width)];
}
