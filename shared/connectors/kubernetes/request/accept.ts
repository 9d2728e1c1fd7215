import type { AnswerForm } from './model.ts';

/** What is sent to the API server for each form. JSON always: an answer that cannot be read cannot be masked. */
export const ACCEPT: Readonly<Record<AnswerForm, string>> = {
  json: 'application/json',
  table: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
  metadata: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json',
  'metadata-list': 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json',
  'discovery-v2': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
  'discovery-v2beta1': 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
};

/** Of the alternatives of an Accept header, the first that is known. No header, or one that asks for anything, is JSON. */
export function answerFormOf(accept: string | undefined): AnswerForm | undefined {
  if (accept === undefined) return 'json';
  for (const alternative of accept.split(',')) {
    const form = formOf(alternative);
    if (form !== undefined) return form;
  }
  // Binary forms have a JSON twin for every resource, and clients that decode by content type take it.
  return /protobuf|yaml|text\/plain|openapi/.test(accept) ? 'json' : undefined;
}

function formOf(alternative: string): AnswerForm | undefined {
  const [type = '', ...parameters] = alternative.split(';').map((part) => part.trim());
  if (type === '*/*' || type === 'application/*') return 'json';
  if (type.toLowerCase() !== 'application/json') return undefined;
  const asked = (name: string): string | undefined =>
    parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
  const [kind, group, version] = [asked('as'), asked('g'), asked('v')];
  if (group === 'apidiscovery.k8s.io') return DISCOVERY.get(version ?? '');
  return kind === undefined ? 'json' : group === 'meta.k8s.io' && version === 'v1' ? META.get(kind) : undefined;
}

const DISCOVERY: ReadonlyMap<string, AnswerForm> = new Map([
  ['v2', 'discovery-v2'],
  ['v2beta1', 'discovery-v2beta1'],
]);
const META: ReadonlyMap<string, AnswerForm> = new Map([
  ['Table', 'table'],
  ['PartialObjectMetadata', 'metadata'],
  ['PartialObjectMetadataList', 'metadata-list'],
]);
