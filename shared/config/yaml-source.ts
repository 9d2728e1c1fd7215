import { isAlias, isMap, isNode, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import type { ConfigFault, ConfigPath } from '../contracts/config/fault.ts';
import { err, ok } from '../platform/result.ts';
import type { Result } from '../platform/result.ts';
import type { SourceFile } from './read-folder.ts';

/** Aliases resolved in one document. A handful helps a person; thousands are the "billion laughs". */
const MAX_ALIASES = 50;

/** Parsed YAML that still knows where each value stood. */
export interface YamlSource {
  readonly value: unknown;
  /** Where `path` stands, or the nearest parent that exists. `key` asks for the member's name, not its value. */
  locate(path: ConfigPath, at?: 'key' | 'value'): { readonly line: number; readonly column: number } | undefined;
}

/** YAML 1.2 core schema, one document, unique keys, no custom tags. */
export function parseYaml(file: SourceFile): Result<YamlSource, ConfigFault[]> {
  const lines = new LineCounter();
  const document = parseDocument(file.text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    merge: false,
    stringKeys: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0)
    return err(
      problems.slice(0, 20).map((problem) => ({
        file: file.name,
        ...position(lines, problem.pos[0]),
        path: '',
        message: firstLine(problem.message),
        remedy: remedyOf(problem.code),
      })),
    );
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return ok({ value, locate: (path, at = 'value') => locate(document, lines, path, at) });
  } catch {
    return err([
      {
        file: file.name,
        path: '',
        message: `the aliases of this file resolve to more than ${String(MAX_ALIASES)} nodes or to themselves`,
        remedy: 'write the values out',
      },
    ]);
  }
}

function locate(document: Document.Parsed, lines: LineCounter, path: ConfigPath, at: 'key' | 'value') {
  for (let length = path.length; length >= 0; length -= 1) {
    const node =
      at === 'key' && length === path.length ? keyNode(document, path) : valueNode(document, path.slice(0, length));
    if (node?.range) return position(lines, node.range[0]);
  }
  return undefined;
}

function valueNode(document: Document.Parsed, path: ConfigPath): Node | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const resolved = isAlias(node) ? node.resolve(document) : node;
  return isNode(resolved) ? resolved : undefined;
}

function keyNode(document: Document.Parsed, path: ConfigPath): Node | undefined {
  const parent = valueNode(document, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item) => isNode(item.key) && item.key.toJSON() === path.at(-1));
  return isNode(pair?.key) ? pair.key : undefined;
}

function position(lines: LineCounter, offset: number) {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

const firstLine = (text: string): string => text.split('\n')[0] ?? text;

function remedyOf(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'keep one of the two: the other would be silently lost';
  if (code === 'MULTIPLE_DOCS') return 'keep one document a file: remove the "---" between them';
  if (code === 'TAG_RESOLVE_FAILED') return 'remove the tag: values are plain YAML';
  return 'mend the YAML here (indentation, quotes and colons are the usual causes)';
}
