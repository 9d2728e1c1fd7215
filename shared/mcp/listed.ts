import type { Tool as ListedTool } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { TOOLS } from './tools/index.ts';

let listed: readonly ListedTool[] | undefined;

/** `tools/list`, made once: every client reads it at every start, and models at every turn. */
export function listedTools(): readonly ListedTool[] {
  listed ??= TOOLS.map(({ name, description, annotations, input }) => ({
    name,
    title: annotations.title,
    description,
    annotations,
    inputSchema: { ...schemaOf(input), type: 'object' as const },
  }));
  return listed;
}

/** JSON Schema 2020-12, which MCP takes where nothing else is said: naming it would cost tokens and tell nothing. */
function schemaOf(input: z.ZodType): Record<string, unknown> {
  const text = JSON.stringify(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any', override: terse }), oneType);
  const { $schema, ...schema } = schemaOfTool.parse(JSON.parse(text));
  return $schema === undefined ? {} : schema;
}

const schemaOfTool = z.record(z.string(), z.unknown());

/** Clients that translate schemas for their model refuse lists of types (the inspector's `--strict` warns of them). */
function oneType(_: string, value: unknown): unknown {
  const listed = severalTypes.safeParse(value);
  if (!listed.success) return value;
  const { type, ...rest } = listed.data;
  return { ...rest, anyOf: type.map((one) => ({ type: one })) };
}

const severalTypes = z.looseObject({ type: z.array(z.string()) });

/** Bounds that the gateway holds anyway, and that a model does not need to read. */
function terse({ jsonSchema }: { readonly jsonSchema: Record<string, unknown> }): void {
  for (const name of ['maxLength', 'minLength', 'pattern', 'maximum', 'minimum', 'propertyNames', 'maxItems'])
    Reflect.deleteProperty(jsonSchema, name);
}
