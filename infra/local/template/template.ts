import * as z from 'zod';
import { jsonSchema } from '../lambda/json.ts';

/** A CloudFormation template, as much of it as is read here (CloudFormation user guide, "Template anatomy"). */
const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), jsonSchema).default({}),
  Metadata: z.record(z.string(), jsonSchema).default({}),
  Condition: z.never({ error: 'conditional resources are not emulated' }).optional(),
});

export const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Parameters: z.record(z.string(), z.object({ Default: jsonSchema.optional() })).default({}),
});

export type Template = z.output<typeof templateSchema>;
export type Resource = z.output<typeof resourceSchema>;
