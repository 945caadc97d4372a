import type { ProjectAnalysis } from '../engine/project-analysis.js';
import type { Span } from '../findings/finding.js';
import { positionAt } from '../findings/position.js';
import { relativeTo } from '../project/paths.js';
import type { AuditPlace } from './audit-result.js';

/** Returns the position of a span's start, with the path from the root. */
export function placeOf({ file, start }: Span, { project }: ProjectAnalysis): AuditPlace {
  return { file: relativeTo(project.root, file), ...positionAt(project.text(file) ?? '', start) };
}
