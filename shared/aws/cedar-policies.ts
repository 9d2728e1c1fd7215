import { VOCABULARIES } from '../connectors/vocabularies.ts';
import { createPolicyEngine } from '../policy/create-engine.ts';
import type { EngineOf } from './runtime-source.ts';

/** The judge that the configuration describes. Brings Cedar's module with it: 4.3 MB of WebAssembly. */
export const cedarPolicies: EngineOf = (bundle) => createPolicyEngine(bundle, VOCABULARIES);
