import { as } from '../grammar/nodes.ts';
import { DEFINITION_RULES } from './definition-rules.ts';
import { call, copy, explain, kept, lock, only, opaque, setVariable, show } from './utility.ts';
import type { NodeOf } from '../grammar/nodes.ts';
import type { Output } from '../lineage/scope.ts';
import { query } from './query.ts';
import { unknownFrom } from '../lineage/provenance.ts';
import { readWhole } from './unread.ts';
import type { Walk } from './walk.ts';

type UtilityTag =
  | 'SelectStmt'
  | 'InsertStmt'
  | 'UpdateStmt'
  | 'DeleteStmt'
  | 'MergeStmt'
  | 'ExplainStmt'
  | 'CopyStmt'
  | 'VariableSetStmt'
  | 'VariableShowStmt'
  | 'TransactionStmt'
  | 'CallStmt'
  | 'DoStmt'
  | 'PrepareStmt'
  | 'ExecuteStmt'
  | 'DeallocateStmt'
  | 'DeclareCursorStmt'
  | 'FetchStmt'
  | 'ClosePortalStmt'
  | 'DiscardStmt'
  | 'LockStmt'
  | 'NotifyStmt'
  | 'ListenStmt'
  | 'UnlistenStmt'
  | 'LoadStmt'
  | 'CheckPointStmt'
  | 'ConstraintsSetStmt';

type Rules = { readonly [K in UtilityTag]: (node: NodeOf<K>, walk: Walk) => Output };

const rows = (node: Parameters<typeof query>[0], walk: Walk): Output => query(node, walk, undefined, undefined);

const UTILITY_RULES: Rules = {
  SelectStmt: (SelectStmt, walk) => rows({ SelectStmt }, walk),
  InsertStmt: (InsertStmt, walk) => rows({ InsertStmt }, walk),
  UpdateStmt: (UpdateStmt, walk) => rows({ UpdateStmt }, walk),
  DeleteStmt: (DeleteStmt, walk) => rows({ DeleteStmt }, walk),
  MergeStmt: (MergeStmt, walk) => rows({ MergeStmt }, walk),
  ExplainStmt: explain,
  CopyStmt: copy,
  VariableShowStmt: show,
  CallStmt: call,
  VariableSetStmt: (node, walk) => setVariable(node, walk),
  LockStmt: (node, walk) => lock(node, walk),
  PrepareStmt: (node, walk) => {
    for (const type of node.argtypes ?? []) readWhole(walk, type);
    return kept(node.query, node.name ?? 'prepared', walk);
  },
  DeclareCursorStmt: (node, walk) => kept(node.query, node.portalname ?? 'cursor', walk),
  ExecuteStmt: (node, walk) => {
    readWhole(walk, node);
    walk.unreadable('EXECUTE runs a statement that was prepared elsewhere. Send the statement itself.');
    return opaque('it runs another statement');
  },
  FetchStmt: (node, walk) => {
    walk.unreadable('FETCH reads a cursor that was declared elsewhere. Send the query itself.');
    return opaque(`the cursor ${node.portalname ?? ''} belongs to another statement`);
  },
  DoStmt: (node, walk) => {
    readWhole(walk, node);
    // `RAISE EXCEPTION USING ERRCODE = left(email, 5)`: it fails, or not, by whatever it looks at.
    walk.flows.infer('code', unknownFrom('a block of code is not looked into'));
    return only(walk, 'sql:do', 'object', 'block');
  },
  TransactionStmt: (node, walk) => {
    readWhole(walk, node);
    return only(walk, 'sql:transaction', 'object', 'transaction');
  },
  DeallocateStmt: (node, walk) => only(walk, 'sql:session', 'object', node.name ?? 'all'),
  ClosePortalStmt: (node, walk) => only(walk, 'sql:session', 'object', node.portalname ?? 'all'),
  DiscardStmt: (_node, walk) => only(walk, 'sql:session', 'object', 'discard'),
  NotifyStmt: (node, walk) => only(walk, 'sql:notify', 'object', node.conditionname ?? 'all'),
  ListenStmt: (node, walk) => only(walk, 'sql:notify', 'object', node.conditionname ?? 'all'),
  UnlistenStmt: (node, walk) => only(walk, 'sql:notify', 'object', node.conditionname ?? 'all'),
  LoadStmt: (node, walk) => only(walk, 'sql:load', 'server', node.filename ?? 'library'),
  CheckPointStmt: (_node, walk) => only(walk, 'sql:maintain', 'server', 'server'),
  ConstraintsSetStmt: (node, walk) => {
    for (const constraint of node.constraints ?? []) readWhole(walk, as(constraint, 'RangeVar'));
    return only(walk, 'sql:set', 'setting', 'constraints');
  },
};

type StatementTag = UtilityTag | keyof typeof DEFINITION_RULES;

/** A rule answers with the output of the statement; it has no columns where the statement gives no rows. */
export type StatementRules = { readonly [K in StatementTag]: (node: NodeOf<K>, walk: Walk) => Output };

export const STATEMENT_RULES: StatementRules = { ...UTILITY_RULES, ...DEFINITION_RULES };
