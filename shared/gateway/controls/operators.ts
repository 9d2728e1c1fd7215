import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import type { Person } from '../../domain/caller.ts';

/** Whether this person may hold the gateway in check: by a group of theirs, as configuration has it at this moment. */
export const isOperator = (config: GatewayConfig, person: Person): boolean =>
  config.groups.some((group) => group.operator && person.groups.includes(group.name));
