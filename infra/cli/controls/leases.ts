import { Command } from 'commander';
import * as z from 'zod';
import { leaseListSchema } from '../../../shared/contracts/api/controls.ts';
import { leaseSchema } from '../../../shared/contracts/record/lease.ts';
import { gateway, withWho } from './api.ts';

const optionsSchema = z.looseObject({ json: z.boolean().optional(), reason: z.string().optional() });

/** `countersign leases list|revoke`. */
export function leasesCommand(): Command {
  const command = new Command('leases').description('answers that approvers gave for a shape, for a while');
  withWho(command.command('list'))
    .description('list the leases that have not ended')
    .option('--json', 'print JSON')
    .action(list);
  withWho(command.command('revoke'))
    .description('take a lease back, at once')
    .argument('<lease>', 'its id')
    .option('--reason <text>', 'why; goes on record')
    .action(async (id: string, given: unknown) => {
      const { reason } = optionsSchema.parse(given);
      const call = await gateway(given);
      const path = `/v1/leases/${encodeURIComponent(id)}/revoke`;
      await call(z.looseObject({ lease: leaseSchema }), 'POST', path, { reason });
      console.error(`${id} is revoked`);
    });
  return command;
}

async function list(given: unknown): Promise<void> {
  const call = await gateway(given);
  const { leases } = await call(leaseListSchema, 'GET', '/v1/leases');
  if (optionsSchema.parse(given).json === true) {
    console.log(JSON.stringify(leases, null, 2));
    return;
  }
  for (const { id, connection, agent, by, expiresAt, runs, runsLeft, rows, rowsLeft } of leases) {
    const left = `${runsLeft} of ${runs} runs, ${rowsLeft} of ${rows} rows left`;
    console.log([id, connection, agent.subject, `by ${by}`, `until ${expiresAt}`, left].join('  '));
  }
}
