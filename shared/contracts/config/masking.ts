import * as z from 'zod';
import { DETECTED_CLASSES } from './detected-classes.ts';

/** A class of data, e.g. `pii.email`. */
export const classSchema = z
  .string()
  .regex(/^[a-z]+(\.[a-z0-9_]+)+$/, 'a class is dotted lower-case words, e.g. pii.email')
  .max(63);

const detectedClassSchema = z.enum(DETECTED_CLASSES);

/** How a classified value is shown when policy does not reveal it. */
export const strategySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('redact') }),
  /** A keyed hash: equal values of a class stay equal. */
  z.strictObject({ kind: z.literal('hash') }),
  z.strictObject({ kind: z.literal('keep-last'), characters: z.int().min(1).max(8) }),
  z.strictObject({ kind: z.literal('null') }),
  z.strictObject({ kind: z.literal('fixed'), text: z.string().max(100) }),
]);

export const maskingSchema = z
  .strictObject({
    /** Classes that need something other than the default, which is `redact`. */
    strategies: z.record(classSchema, strategySchema).default({}),
    /** `connection.schema.table.column` globs (`*` within a part) → class. The first match wins. */
    columns: z
      .array(
        z.strictObject({
          match: z
            .string()
            .regex(/^[^.]+\.[^.]+\.[^.]+\.[^.]+$/, 'connection.schema.table.column, each part may use *'),
          class: classSchema,
        }),
      )
      .max(10_000)
      .default([]),
    /**
     * Words in the comments of a database's columns and tables → class, where no pattern above matches: `'@contact': pii.email`.
     * `countersign:pii.email` needs no entry.
     */
    tags: z
      .record(z.string().regex(/^[@#][A-Za-z0-9_.:/-]{1,63}$/, 'a tag begins with @ or #'), classSchema)
      .default({}),
    /** Value detectors run over columns that nothing classifies: all but `pii.ip`, with what `on` adds and `off` takes away. */
    detectors: z
      .strictObject({
        on: z.array(detectedClassSchema).default([]),
        off: z.array(detectedClassSchema).default([]),
      })
      .prefault({}),
  })
  .prefault({});

export type Masking = z.output<typeof maskingSchema>;
export type MaskStrategy = z.output<typeof strategySchema>;
