import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { corpus } from '../../support/corpora.ts';

const upstreamCase = z.object({
  id: z.string(),
  method: z.string(),
  target: z.string(),
  truth: z.object({
    isResourceRequest: z.boolean(),
    verb: z.string().optional(),
    apiGroup: z.string().optional(),
    version: z.string().optional(),
    namespace: z.string().optional(),
    resource: z.string().optional(),
    subresource: z.string().optional(),
    name: z.string().optional(),
  }),
});

export type UpstreamCase = z.output<typeof upstreamCase>;

/** What Kubernetes itself makes of 43 requests; empty where the corpora are not there. */
export function upstreamCases(): readonly UpstreamCase[] {
  const folder = corpus('kube-requestinfo');
  if (folder === undefined) {
    console.log('kube-requestinfo is not in the corpora: its cases are skipped');
    return [];
  }
  const lines = readFileSync(join(folder, 'upstream_requestinfo.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => upstreamCase.parse(JSON.parse(line)));
}
