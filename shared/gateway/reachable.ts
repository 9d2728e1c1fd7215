import type { Caller } from '../domain/caller.ts';
import type { ConnectionView } from '../contracts/api/connections.ts';
import type { Runtime } from './runtime.ts';

/** The connections an agent may know of; people see all of them, since configuration is theirs to review. */
export function reachable(runtime: Runtime, caller: Caller): readonly ConnectionView[] {
  return runtime.bundle.gateway.connections
    .filter((connection) => caller.kind === 'person' || runtime.engine.mayConnect(caller, connection))
    .map(({ name, kind, environment, description }) => ({
      name,
      kind,
      environment,
      ...(description === undefined ? {} : { description }),
    }));
}
