import { isAlias, parseAllDocuments, visit, type Document } from 'yaml';
import { toJson, type JsonValue } from '../../../platform/json-value.ts';
import { ok, type Result } from '../../../platform/result.ts';
import type { StatementFault } from '../../connector.ts';
import { refuse } from '../request/fault.ts';

/** One document of YAML 1.2 without anything that two readers, or one reader's memory, would stumble over. */
export function readYaml(text: string): Result<JsonValue, StatementFault> {
  try {
    const documents: readonly Document.Parsed[] = parseAllDocuments(text, {
      version: '1.2',
      schema: 'core',
      strict: true,
      uniqueKeys: true,
      stringKeys: true,
    });
    const [document] = documents;
    if (document === undefined || documents.length !== 1)
      return refuse('body_invalid', 'has not exactly one YAML document as its body. One object a request.');
    const fault = faultOf(document);
    return fault === undefined ? ok(toJson(document.toJS({ maxAliasCount: 0 }))) : refuse('body_invalid', fault);
  } catch {
    return refuse('body_invalid', 'has a body that is no YAML that JSON can say.');
  }
}

function faultOf(document: Document.Parsed): string | undefined {
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) return `has a body that is not plain YAML (${problem.code}).`;
  let odd: string | undefined;
  visit(document, {
    Node: (_key, node) => {
      const anchor = isAlias(node) ? 'alias' : node.anchor;
      if (anchor !== undefined) odd ??= 'uses an anchor or an alias';
      else if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) odd ??= 'uses a tag of its own';
    },
  });
  return odd === undefined ? undefined : `has a YAML body that ${odd}. Write it out.`;
}
