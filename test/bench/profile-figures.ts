import type { Profiler } from 'node:inspector/promises';

/** Milliseconds of the processor a request, by what the code is for and by function. */
export interface Figures {
  readonly whole: number;
  readonly places: Readonly<Record<string, number>>;
  readonly functions: Readonly<Record<string, number>>;
}

/** What code is for, by where it lies; the first that fits counts. */
const PLACES: readonly (readonly [string, RegExp])[] = [
  ['authenticate', /shared\/identity|node_modules\/jose/],
  ['analyse', /shared\/connectors|libpg-query|pgsql-deparser/],
  ['decide', /shared\/policy|cedar-wasm/],
  ['mask', /shared\/masking|node_modules\/re2js/],
  [
    'record',
    /shared\/domain\/(chain|session|event)|shared\/platform\/canonical|canonicalize|shared\/contracts\/record|session-store/,
  ],
  [
    'read and answer the request',
    /functions\/|shared\/(contracts|gateway|platform|aws|config|domain)|node_modules\/(zod|ulid)/,
  ],
  ['AWS SDK', /node_modules\/(@aws-sdk|@smithy|@aws-lambda-powertools|@aws-crypto|fast-xml-parser|@aws)/],
];

type Frame = Profiler.Profile['nodes'][number]['callFrame'];

/** `undefined`: nobody's time. */
function placeOf({ url, functionName }: Frame): string | undefined {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(idle)' || functionName === '(root)') return undefined;
  if (functionName === '(program)') return functionName;
  const place = PLACES.find(([, pattern]) => pattern.test(url))?.[0];
  return place ?? (url.startsWith('wasm:') ? 'analyse or decide (WASM)' : 'Node.js: HTTP, crypto, streams');
}

/** Without the number of its line, which changes with every edit above it. */
function nameOf({ functionName, url }: Frame): string {
  const file = url.split(/node_modules\/|\/(?=shared\/|functions\/)/).at(-1) ?? '';
  return `${functionName === '' ? '(anonymous)' : functionName} ${file}`.trim();
}

/** Self time of every sample, shared out over the requests. */
export function figuresOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, requests: number): Figures {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const [places, functions] = [new Map<string, number>(), new Map<string, number>()];
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const place = frame === undefined ? undefined : placeOf(frame);
    if (frame === undefined || place === undefined) continue;
    const ms = (timeDeltas[index] ?? 0) / 1_000 / requests;
    places.set(place, (places.get(place) ?? 0) + ms);
    functions.set(nameOf(frame), (functions.get(nameOf(frame)) ?? 0) + ms);
  }
  const whole = [...places.values()].reduce((sum, ms) => sum + ms, 0);
  return { whole, places: byCost(places), functions: byCost(functions) };
}

const byCost = (of: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...of].sort(([, left], [, right]) => right - left));
