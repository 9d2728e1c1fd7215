import { Command } from 'commander';
import * as z from 'zod';
import { stoppedSchema, stopListSchema, stopSchema } from '../../../shared/contracts/api/controls.ts';
import type { StopScope } from '../../../shared/domain/stop.ts';
import { UsageError } from '../usage-error.ts';
import { gateway, withWho } from './api.ts';

const optionsSchema = z.looseObject({
  agent: z.string().optional(),
  connection: z.string().optional(),
  all: z.boolean().optional(),
  reason: z.string().optional(),
});

/** `countersign stop`: from the next request on. Prints its id, which `resume` takes. */
export function stopCommand(): Command {
  return withWho(new Command('stop'))
    .description('stop an agent, a connection or everything, at the next request')
    .option('--agent <issuer/subject>', 'an agent: the issuer by its name in gateway.yaml, then its subject')
    .option('--connection <name>', 'all work on a connection')
    .option('--all', 'everything')
    .option('--reason <text>', 'why; goes on record and to whoever waits')
    .action(async (given: unknown) => {
      const { agent, connection, all, reason } = optionsSchema.parse(given);
      const chosen = [agent, connection, all].filter((one) => one !== undefined);
      if (chosen.length !== 1) throw new UsageError('Name exactly one of --agent, --connection and --all.');
      const call = await gateway(given);
      const scope = agent === undefined ? { connection, all } : { agent: agentOf(agent) };
      const { stop, cancelled, revoked, complete } = await call(stoppedSchema, 'POST', '/v1/stops', {
        ...scope,
        reason,
      });
      console.log(stop.id);
      console.error(
        `${describe(stop.scope)} is stopped; ${cancelled.length} waiting sessions cancelled, ${revoked.length} leases revoked`,
      );
      if (!complete)
        throw new Error('There was more to cancel than one call can. It cannot run; stop again to cancel it.');
    });
}

/** Issuer names hold no slash, subjects may. */
function agentOf(text: string): { readonly issuer: string; readonly subject: string } {
  const at = text.indexOf('/');
  if (at < 1 || at === text.length - 1) throw new UsageError('--agent is ISSUER/SUBJECT, e.g. ci/repo:acme/orders:…');
  return { issuer: text.slice(0, at), subject: text.slice(at + 1) };
}

function describe(scope: StopScope): string {
  switch (scope.kind) {
    case 'agent':
      return `agent ${scope.subject} of ${scope.issuerUrl}`;
    case 'connection':
      return `connection ${scope.connection}`;
    case 'all':
      return 'everything';
  }
}

/** `countersign resume ID`. */
export function resumeCommand(): Command {
  return withWho(new Command('resume'))
    .description('lift a stop; what it cancelled stays cancelled')
    .argument('<stop>', 'its id, as `stop` printed it and `stops` lists it')
    .option('--reason <text>', 'why; goes on record')
    .action(async (id: string, given: unknown) => {
      const { reason } = optionsSchema.parse(given);
      const call = await gateway(given);
      const path = `/v1/stops/${encodeURIComponent(id)}/resume`;
      const { stop } = await call(z.looseObject({ stop: stopSchema }), 'POST', path, { reason });
      console.error(`${describe(stop.scope)} goes on`);
    });
}

/** `countersign stops`: one a line, `ID  SCOPE  WHO  WHEN  WHY`. */
export function stopsCommand(): Command {
  return withWho(new Command('stops'))
    .description('list the stops in force')
    .option('--json', 'print JSON')
    .action(async (given: unknown) => {
      const call = await gateway(given);
      const { stops } = await call(stopListSchema, 'GET', '/v1/stops');
      if (z.looseObject({ json: z.boolean().optional() }).parse(given).json === true)
        console.log(JSON.stringify(stops, null, 2));
      else
        for (const { id, scope, by, at, reason } of stops)
          console.log([id, describe(scope), by, at, reason].join('  '));
    });
}
