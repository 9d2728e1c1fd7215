import type { PathRequest } from '../request/model.ts';
import type { K8sAction } from './vocabulary.ts';

/** What is at a path that is no resource. `undefined`: nobody knows. */
export function pathAction({ path, verb }: PathRequest): K8sAction | undefined {
  if (verb !== 'get') return undefined;
  const [root = ''] = path.slice(1).split('/');
  if (DISCOVERY.has(root)) return 'k8s:discover';
  return SERVER.has(root) ? 'k8s:inspect' : undefined;
}

const DISCOVERY = new Set([
  ...['', 'api', 'apis', 'version', 'openapi', 'healthz', 'livez', 'readyz', 'openid', '.well-known'],
]);

/** The API server's own logs, numbers, profiles and flags. */
const SERVER = new Set(['logs', 'metrics', 'debug', 'flagz', 'statusz', 'configz']);
