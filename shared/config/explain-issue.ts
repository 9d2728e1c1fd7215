import * as z from 'zod';
import type { ConfigPath } from '../contracts/config/fault.ts';
import { nearest } from './nearest.ts';

/** One thing zod found, in the words of whoever has to mend it. */
export interface Finding {
  readonly path: ConfigPath;
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly remedy: string;
}

/** Turns zod's issues into findings. `schema` is asked for the names it knows, to suggest the nearest. */
export function explainIssues(error: z.ZodError, schema: z.ZodType): Finding[] {
  return error.issues.flatMap((issue) => explain(issue, schema));
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType): Finding[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, namesAt(schema, path)));
  if (issue.code === 'invalid_union' && issue.errors.length === 0)
    return [
      {
        path,
        at: 'value',
        message: `"${String(path.at(-1) ?? '')}" does not say which variant this is`,
        remedy: `use one of the documented values of "${issue.discriminator ?? 'kind'}"`,
      },
    ];
  return [{ path, at: 'value', message: lowerFirst(issue.message), remedy: remedyOf(issue) }];
}

function unknownKey(path: ConfigPath, key: string, known: readonly string[]): Finding {
  const close = nearest(key, known);
  const list = known.length === 0 ? '' : `; known here: ${known.slice(0, 20).join(', ')}`;
  return {
    path: [...path, key],
    at: 'key',
    message: `unknown key "${key}"`,
    remedy: close === undefined ? `remove it${list}` : `did you mean "${close}"?`,
  };
}

function remedyOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `give it a value of type ${issue.expected}`;
    case 'too_big':
      return `at most ${String(issue.maximum)} is allowed`;
    case 'too_small':
      return `at least ${String(issue.minimum)} is needed`;
    case 'invalid_value':
      return `use one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_key':
      return 'rename the key';
    default:
      return 'see README.md of the configuration folder for its form';
  }
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly items?: JsonSchema | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
}

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    properties: z.record(z.string(), jsonSchema).optional(),
    items: jsonSchema.optional(),
    anyOf: z.array(jsonSchema).optional(),
    oneOf: z.array(jsonSchema).optional(),
  }),
);

/** The member names that `schema` knows at `path`, over every variant of a union. Only asked once something is wrong. */
function namesAt(schema: z.ZodType, path: ConfigPath): string[] {
  const root = jsonSchema.safeParse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }));
  if (!root.success) return [];
  const reached = path.reduce<JsonSchema[]>(
    (level, part) => level.flatMap((node) => step(node, part)),
    variants(root.data),
  );
  return [...new Set(reached.flatMap((node) => Object.keys(node.properties ?? {})))];
}

function step(node: JsonSchema, part: string | number): JsonSchema[] {
  const next = typeof part === 'number' ? node.items : node.properties?.[part];
  return next === undefined ? [] : variants(next);
}

function variants(node: JsonSchema): JsonSchema[] {
  return [node, ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
}
