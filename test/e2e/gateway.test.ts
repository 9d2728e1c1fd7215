import { afterAll, beforeAll, describe } from 'vitest';
import { approvalFlowCases } from './cases/approval-flow.ts';
import { approvalCases } from './cases/approvals.ts';
import { callCases } from './cases/calls.ts';
import { commandLineCases } from './cases/command-line.ts';
import { exampleCases } from './cases/examples.ts';
import { doctorCases } from './cases/doctor.ts';
import { guardCases } from './cases/guard.ts';
import { impactCases } from './cases/impact.ts';
import { kubernetesCases } from './cases/kubernetes.ts';
import { maskingCases } from './cases/masking.ts';
import { mcpCases } from './cases/mcp.ts';
import { mcpHostileCases } from './cases/mcp-hostile.ts';
import { readingCases } from './cases/reading.ts';
import { recordCases } from './cases/record.ts';
import { rubbishCases } from './cases/rubbish.ts';
import { stopAndLeaseCases } from './cases/stop-and-leases.ts';
import { storyCases } from './cases/story.ts';
import { transcriptCases } from './cases/transcripts.ts';
import { startWorld, type World } from './world.ts';

/** The product over HTTP: real handlers, AWS SDK clients, PostgreSQL, OIDC issuer and workflow on the embedded stack. */
describe('the gateway over HTTP', { timeout: 60_000 }, () => {
  let world: World | undefined;
  const get = (): World => {
    if (world === undefined) throw new Error('the stack is not up');
    return world;
  };
  beforeAll(async () => {
    world = await startWorld();
  }, 120_000);
  afterAll(async () => {
    await world?.close();
  }, 30_000);

  describe('tells the story of the README', () => {
    storyCases(get);
  });
  describe('answers rubbish precisely and runs none of it', () => {
    rubbishCases(get);
  });
  describe('binds an approval to what was shown', () => {
    approvalCases(get);
  });
  describe('reminds, asks a second group, and lets a glass be broken', () => {
    approvalFlowCases(get);
  });
  describe('says what it would touch, and holds it to that', () => {
    impactCases(get);
  });
  describe('masks wherever an answer goes', () => {
    maskingCases(get);
  });
  describe('is held in check by people, and spares them the same question', () => {
    stopAndLeaseCases(get);
  });
  describe('reads statements as PostgreSQL does', () => {
    guardCases(get);
  });
  describe('speaks MCP', () => {
    mcpCases(get);
  });
  describe('takes nothing over MCP that is not of the protocol', () => {
    mcpHostileCases(get);
  });
  describe('is called from the command line', () => {
    commandLineCases(get);
  });
  describe('runs its own examples', () => {
    exampleCases(get);
  });
  describe('answers what its documents show', () => {
    transcriptCases(get);
  });
  describe('takes kubectl as it is', () => {
    kubernetesCases(get);
  });
  describe('shows sessions to who may see them', () => {
    readingCases(get);
  });
  describe('can be looked at from outside', () => {
    doctorCases(get);
  });
  describe('keeps a record that can be proven', () => {
    recordCases(get);
  });
  describe('waits for few calls', () => {
    callCases(get);
  });
});
