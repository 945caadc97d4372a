/** An expression of a configuration file, as far as the analysis reads it. */
export type Expression =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'pattern'; readonly source: string; readonly flags: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'function'; readonly parameters: readonly string[]; readonly result: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | { readonly kind: 'spread'; readonly of: Expression }
  | { readonly kind: 'either'; readonly options: readonly Expression[] }
  | { readonly kind: 'other' };

const other: Expression = { kind: 'other' };

/** Maximum number of nested expressions: the reader of a damaged text ends. */
const maxDepth = 40;

/** Reads the expression at an offset of JavaScript or TypeScript. An expression of any other kind becomes `other`. */
export function readExpression(text: string, offset: number): Expression {
  return new Reader(text, offset).expression(0);
}

/** Reads one expression without building a syntax tree of the file: TypeScript is not loaded to resolve imports. */
class Reader {
  constructor(
    private readonly text: string,
    private offset: number,
  ) {}

  expression(depth: number): Expression {
    if (depth > maxDepth) return other;
    const options = [this.#sum(depth)];
    for (;;) {
      const sign = this.#accept(/[=!]==?|\?\?|\|\||&&|\?(?!\.)|:(?=\s*[^\s,}\]])/y);
      // A colon belongs to a conditional expression only.
      if (sign === undefined || (sign === ':' && options.length === 1)) {
        if (sign === ':') this.offset--;
        break;
      }
      options.push(this.#sum(depth + 1));
    }
    const [only] = options;
    return options.length === 1 && only ? only : { kind: 'either', options };
  }

  #sum(depth: number): Expression {
    const parts = [this.#postfix(depth)];
    while (this.#accept(/\+(?!\+)/y) !== undefined) parts.push(this.#postfix(depth + 1));
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: 'template', parts };
  }

  #postfix(depth: number): Expression {
    let result = this.#primary(depth);
    for (;;) {
      const member = this.#accept(/(?:\?\.|!?\.)\s*[\w$]+/y);
      if (member !== undefined) result = { kind: 'member', of: result, name: member.replace(/^[?!.\s]+/, '') };
      else if (this.#accept(/(?:\?\.)?\(/y) !== undefined) result = { kind: 'call', callee: result, args: this.#items(')', depth) };
      else if (this.#accept(/\[/y) !== undefined) {
        const [key] = this.#items(']', depth);
        result = key?.kind === 'string' ? { kind: 'member', of: result, name: key.value } : other;
      } else if (this.#accept(/\b(?:as|satisfies)\s+(?:const|[\w$.]+(?:<[^;{}()]*?>)?(?:\[\])*)/y) === undefined) return result;
    }
  }

  #primary(depth: number): Expression {
    if (depth > maxDepth) return other;
    const quoted = this.#accept(/'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"/y);
    if (quoted !== undefined) return { kind: 'string', value: quoted.slice(1, -1).replace(/\\([^])/g, '$1') };
    if (this.#accept(/`/y) !== undefined) return this.#template(depth);
    const pattern = this.#accept(/\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y);
    if (pattern !== undefined) {
      const end = pattern.lastIndexOf('/');
      return { kind: 'pattern', source: pattern.slice(1, end), flags: pattern.slice(end + 1) };
    }
    if (this.#accept(/\[/y) !== undefined) return { kind: 'list', items: this.#items(']', depth) };
    if (this.#accept(/\{/y) !== undefined) return { kind: 'object', entries: this.#entries(depth) };
    if (this.#accept(/\.\.\./y) !== undefined) return { kind: 'spread', of: this.#postfix(depth + 1) };
    const parameters = this.#accept(/(?:async\s+)?(?:\((?:[^()]|\([^()]*\))*\)(?:\s*:\s*[\w$.<>[\]]+)?|[\w$]+)\s*=>/y);
    if (parameters !== undefined) return this.#function(parameters, depth);
    if (this.#accept(/\(/y) !== undefined) return this.#items(')', depth).at(-1) ?? other;
    if (this.#accept(/(?:new|await|typeof)\b/y) !== undefined) return this.#postfix(depth + 1);
    const name = this.#accept(/[A-Za-z_$][\w$]*/y);
    return name === undefined ? other : { kind: 'name', name };
  }

  #template(depth: number): Expression {
    const parts: Expression[] = [];
    for (;;) {
      const piece = /(?:[^`\\$]|\\[^]|\$(?!\{))*/y;
      piece.lastIndex = this.offset;
      const value = piece.exec(this.text)?.[0] ?? '';
      this.offset += value.length;
      parts.push({ kind: 'string', value });
      const isHole = this.text.startsWith('${', this.offset);
      this.offset += isHole ? 2 : 1;
      if (!isHole || depth > maxDepth) return { kind: 'template', parts };
      parts.push(this.expression(depth + 1));
      this.#accept(/\}/y);
    }
  }

  #function(head: string, depth: number): Expression {
    const list = /\(([^]*)\)/.exec(head)?.[1] ?? head.replace(/^async\s+|\s*=>$/g, '');
    const parameters = list.split(',').map((parameter) => /[\w$]+/.exec(parameter)?.[0] ?? '');
    if (this.#accept(/\{/y) === undefined) return { kind: 'function', parameters, result: this.expression(depth + 1) };
    const returned = /\breturn\b/g;
    returned.lastIndex = this.offset;
    const found = returned.exec(this.text);
    if (!found) return other;
    this.offset = found.index + found[0].length;
    return { kind: 'function', parameters, result: this.expression(depth + 1) };
  }

  /** Reads a list up to its closing bracket. After an item that is not understood, the rest of it is skipped. */
  #items(close: ')' | ']', depth: number): Expression[] {
    const items: Expression[] = [];
    while (!this.#isAt(close)) {
      items.push(this.expression(depth + 1));
      if (!this.#skipTo(close)) break;
    }
    this.offset++;
    return items;
  }

  #entries(depth: number): (readonly [Expression, Expression])[] {
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.#isAt('}')) {
      const key = this.#accept(/\[/y) === undefined ? this.#primary(depth + 1) : (this.#items(']', depth)[0] ?? other);
      const name: Expression = key.kind === 'name' ? { kind: 'string', value: key.name } : key;
      if (this.#accept(/:/y) !== undefined) entries.push([name, this.expression(depth + 1)]);
      else if (this.#isAt('(')) this.#accept(/\((?:[^()]|\([^()]*\))*\)\s*/y);
      else entries.push(key.kind === 'spread' ? [key, key.of] : [name, key]);
      if (!this.#skipTo('}')) break;
    }
    this.offset++;
    return entries;
  }

  /** Moves behind the next comma at this level, or to the closing bracket. Returns false at the end of the text. */
  #skipTo(close: string): boolean {
    let level = 0;
    for (; this.offset < this.text.length; this.offset++) {
      this.#skipSpace();
      const character = this.text[this.offset] ?? '';
      if (level === 0 && character === close) return true;
      if (level === 0 && character === ',') {
        this.offset++;
        return true;
      }
      if ('([{'.includes(character)) level++;
      if (')]}'.includes(character) && --level < 0) return false;
      if (/['"`]/.test(character)) this.#skipString();
    }
    return false;
  }

  #skipString(): void {
    const string = /'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"|`(?:[^`\\]|\\[^])*`/y;
    string.lastIndex = this.offset;
    const length = string.exec(this.text)?.[0].length ?? 1;
    this.offset += length - 1;
  }

  #isAt(character: string): boolean {
    this.#skipSpace();
    return this.offset >= this.text.length || this.text[this.offset] === character;
  }

  /** Reads the token at the offset if it matches a sticky pattern. */
  #accept(pattern: RegExp): string | undefined {
    this.#skipSpace();
    pattern.lastIndex = this.offset;
    const token = pattern.exec(this.text)?.[0];
    if (token !== undefined) this.offset += token.length;
    return token;
  }

  #skipSpace(): void {
    const space = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
    space.lastIndex = this.offset;
    this.offset += space.exec(this.text)?.[0].length ?? 0;
  }
}
