import type { Analysis } from '../../connector.ts';
import type { Lineage } from '../../../domain/lineage.ts';
import type { PostgresCatalogue } from '../catalogue/index.ts';
import type { ParsedStatement } from '../grammar/index.ts';
import { settingDependentLiteral } from '../grammar/literals.ts';
import { lineageOf } from '../lineage/index.ts';
import type { Output } from '../lineage/scope.ts';
import { openBodies } from './bodies.ts';
import { statement } from './statement.ts';
import { refuseUnread } from './unread.ts';
import { SQL_ACTIONS } from './vocabulary.ts';
import { Walk } from './walk.ts';

/** What one reading of a statement tells: its effects, and where its output comes from. */
export interface Reading {
  readonly analysis: Analysis;
  readonly lineage: Lineage;
}

/**
 * Reads a statement against a catalogue. Pure and total: whatever goes wrong inside is a statement that could not be
 * read, which is the worst class there is.
 */
export function read(parsed: ParsedStatement, catalogue: PostgresCatalogue | undefined): Reading {
  const walk = new Walk(catalogue, parsed.offsets);
  try {
    const output = statement(parsed.statement, walk);
    refuseUnread(walk, parsed.statement);
    eventTriggers(walk);
    literals(parsed.text, walk);
    walk.finish();
    openBodies(walk);
    return {
      analysis: {
        effects: walk.found.effects(walk.verb()),
        inferences: walk.flows.inferences,
        moves: walk.flows.moves,
        needsCatalogue: walk.needsCatalogue,
      },
      lineage: lineageFor(walk, output),
    };
  } catch {
    // A fault of ours, or a tree that exhausts the stack: not something the agent may profit from.
    walk.unreadable('The statement could not be read.');
    return {
      analysis: { effects: walk.found.effects(walk.verb()), inferences: [], moves: [], needsCatalogue: false },
      lineage: { known: false, why: 'the statement could not be read' },
    };
  }
}

function lineageFor(walk: Walk, output: Output): Lineage {
  const [why] = walk.found.reasons();
  return why === undefined ? lineageOf(output, walk.runsUserCode) : { known: false, why };
}

/** Read as the setting that we require would have it; that the logins have it, the catalogue vouches for. */
function literals(text: string, walk: Walk): void {
  const place = walk.catalogue === undefined ? settingDependentLiteral(text) : undefined;
  if (place !== undefined) walk.lacks('standard_conforming_strings is not known.');
}

/** Event triggers run on every definition. */
function eventTriggers(walk: Walk): void {
  const defines = walk.found
    .findings()
    .some((finding) => ['define', 'destroy', 'administer'].includes(SQL_ACTIONS[finding.action]));
  if (!defines) return;
  for (const name of walk.catalogue?.eventTriggers ?? [])
    walk.add({ action: 'sql:trigger', kind: 'function', name, attributes: { indirect: true, via: 'event trigger' } });
}
