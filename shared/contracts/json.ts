import * as z from 'zod';
import type { JsonObject, JsonValue } from '../platform/json-value.ts';

/** Any JSON value, typed as what cannot be changed. */
export const jsonSchema: z.ZodType<JsonValue> = z.json();
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonSchema);
