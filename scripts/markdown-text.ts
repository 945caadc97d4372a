/** A heading of a Markdown text. */
export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  /** The text behind the signs `#`, as Markdown. */
  readonly text: string;
  /** Its anchor on GitHub. Equal headings of a text get `-1`, `-2` and so on. */
  readonly anchor: string;
  /** Index of its line. */
  readonly line: number;
}

const fence = /^\s*(`{3,}|~{3,})/;

/** Returns the headings of a Markdown text, without lines of code. */
export function headingsOf(text: string): Heading[] {
  const seen = new Map<string, number>();
  let open: string | undefined;
  return text.split('\n').flatMap((content, line) => {
    const mark = fence.exec(content)?.[1];
    if (mark !== undefined) open = open === undefined ? mark : content.trim() === open ? undefined : open;
    const [, signs, heading] = open === undefined ? (/^(#{1,6}) (.*)$/.exec(content) ?? []) : [];
    if (signs === undefined || heading === undefined) return [];
    const slug = anchorOf(heading);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return [{ level: signs.length, text: heading, anchor: count === 0 ? slug : `${slug}-${count}`, line }];
  });
}

/** Returns the anchor that GitHub makes from a heading. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

/** Returns a Markdown text with the targets of its links and images replaced, outside of code. */
export function replaceLinks(text: string, replace: (target: string) => string): string {
  const codeOrLink = /^(`{3,}).*?^\1|(`+)(?!`).*?[^`]\2(?!`)|\]\(([^()\s]+)\)/gms;
  return text.replace(codeOrLink, (found, _fence, _span, target: string | undefined) =>
    target === undefined ? found : `](${replace(target)})`,
  );
}

/** Returns the targets of the links and images of a Markdown text, without those in code. */
export function linksIn(text: string): string[] {
  const targets: string[] = [];
  replaceLinks(text, (target) => {
    targets.push(target);
    return target;
  });
  return targets;
}
