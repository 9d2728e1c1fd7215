import { join } from 'node:path';
import { parseAllDocuments, parseDocument } from 'yaml';
import * as z from 'zod';
import { nameSchema } from '../../../../shared/contracts/config/connection.ts';
import { toJson, type JsonObject } from '../../../../shared/platform/json-value.ts';
import { readBelow, readIfThere } from '../../local-files.ts';
import { isObject } from './json.ts';

/**
 * `local/kubernetes.yaml` of a configuration folder: what the embedded Kubernetes API holds for each connection of kind
 * `kubernetes`. Read by the embedded stack alone. A connection that is not named here is taken to be a real cluster.
 */
const clustersSchema = z.strictObject({
  clusters: z
    .array(
      z.strictObject({
        connection: nameSchema,
        /** Files of objects that an empty cluster is filled with, in this order. */
        manifests: z
          .array(
            z
              .string()
              .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\.ya?ml$/, 'a path to a .yaml file below config/local/'),
          )
          .max(50)
          .default([]),
      }),
    )
    .max(20)
    .default([]),
});

export interface ClusterSeed {
  readonly connection: string;
  readonly manifests: readonly JsonObject[];
}

/** @throws with file, member and remedy when it is not right. No file: no clusters. */
export function readClustersFile(configDir: string): readonly ClusterSeed[] {
  const folder = join(configDir, 'local');
  const file = join(folder, 'kubernetes.yaml');
  const text = readIfThere(file);
  if (text === undefined) return [];
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  const [syntax] = document.errors;
  if (syntax !== undefined) throw new Error(`${file}: ${syntax.message}`);
  const parsed = clustersSchema.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  const { clusters } = parsed.data;
  if (new Set(clusters.map(({ connection }) => connection)).size !== clusters.length)
    throw new Error(`${file}: a connection is named twice; join the two entries`);
  return clusters.map(({ connection, manifests }) => ({
    connection,
    manifests: manifests.flatMap((path) => objectsIn(path, readBelow(folder, path, file, MAX_BYTES))),
  }));
}

/** A demo, not a backup. */
const MAX_BYTES = 4 * 1_048_576;

function objectsIn(path: string, text: string): readonly JsonObject[] {
  const documents = parseAllDocuments(text, { uniqueKeys: true, strict: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [syntax] = document.errors;
    if (syntax !== undefined) throw new Error(`local/${path}: ${syntax.message}`);
    const value = toJson(document.toJS({ maxAliasCount: 20 }) ?? null);
    if (value === null) return [];
    if (!isObject(value)) throw new Error(`local/${path}: a document that is no object`);
    return [value];
  });
}
