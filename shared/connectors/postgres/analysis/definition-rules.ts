import type { AlterPolicyStmt, CreatePolicyStmt, Node } from 'libpg-query';
import { as } from '../grammar/nodes.ts';
import type { Output } from '../lineage/scope.ts';
import type { Walk } from './walk.ts';
import { codeLeftBehind, leftBehind } from './infer/left-behind.ts';
import type { NodeTag } from '../grammar/nodes.ts';
import { alterTable, createSchema, drop, grant, kindOf, simple, truncate } from './definitions.ts';
import { createTableAs, createView } from './creation.ts';
import { NO_OUTPUT } from '../lineage/scope.ts';
import { asNode, either, on } from './definition-rule.ts';
import type { DefinitionRule } from './definition-rule.ts';
import { movedToSchema, renamed } from './infer/renames.ts';
import { MAINTENANCE_RULES } from './maintenance-rules.ts';
import { SERVER_RULES } from './server-rules.ts';
import { byRange, define } from './objects.ts';
import { sweep } from './sweep.ts';
import { readWhole } from './unread.ts';

export const DEFINITION_RULES = {
  DropStmt: (node, walk) => drop(node, walk),
  TruncateStmt: (node, walk) => truncate(node, walk),
  AlterTableStmt: (node, walk) => alterTable(node, walk),
  ViewStmt: (node, walk) => createView(node, walk),
  CreateTableAsStmt: (node, walk) => createTableAs(node, walk),
  CreateSchemaStmt: (node, walk) => createSchema(node, walk),
  GrantStmt: (node, walk) => grant(node, walk),
  CreateStmt: on('sql:create', 'relation', (node) => either(node.relation, undefined)),
  CreateForeignTableStmt: on('sql:create', 'relation', (node) => either(node.base?.relation, undefined)),
  CreateSeqStmt: on('sql:create', 'sequence', (node) => either(node.sequence, undefined)),
  AlterSeqStmt: on('sql:alter', 'sequence', (node) => either(node.sequence, undefined)),
  CreateStatsStmt: (node, walk) => {
    const computed = (node.exprs ?? []).map((element) => as(element, 'StatsElem')?.expr);
    leftBehind(as(node.relations?.[0], 'RangeVar'), { computed }, walk);
    return simple('sql:create', 'object', [asNode(node.defnames)], node, walk);
  },
  AlterStatsStmt: on('sql:alter', 'object', (node) => node.defnames),
  CreateFunctionStmt: (node, walk) => {
    // The body runs when it is called, not now; it is not searched.
    readWhole(walk, node);
    codeLeftBehind(node, walk);
    return simple('sql:create', 'function', [asNode(node.funcname)], {}, walk);
  },
  AlterFunctionStmt: on('sql:alter', 'function', (node) => node.func?.objname),
  CreateTrigStmt: (node, walk) => {
    leftBehind(node.relation, { conditions: [node.whenClause] }, walk);
    return simple('sql:alter', 'relation', [either(node.relation, undefined)], node, walk);
  },
  RuleStmt: (node, walk) => {
    readWhole(walk, node);
    leftBehind(node.relation, { conditions: [node.whereClause] }, walk);
    return simple('sql:alter', 'relation', [either(node.relation, undefined)], {}, walk);
  },
  CreatePolicyStmt: (node, walk) => policy(node, walk),
  AlterPolicyStmt: (node, walk) => policy(node, walk),
  CreateExtensionStmt: on('sql:create', 'object', (node) => node.extname),
  AlterExtensionStmt: on('sql:alter', 'object', (node) => node.extname),
  AlterExtensionContentsStmt: on('sql:alter', 'object', (node) => node.extname),
  DefineStmt: on(
    'sql:create',
    (node) => kindOf(node.kind),
    (node) => node.defnames,
  ),
  CreateDomainStmt: on('sql:create', 'type', (node) => node.domainname),
  AlterDomainStmt: on('sql:alter', 'type', (node) => node.typeName),
  CompositeTypeStmt: on('sql:create', 'type', (node) => either(node.typevar, undefined)),
  CreateEnumStmt: on('sql:create', 'type', (node) => node.typeName),
  CreateRangeStmt: on('sql:create', 'type', (node) => node.typeName),
  AlterEnumStmt: on('sql:alter', 'type', (node) => node.typeName),
  AlterTypeStmt: on('sql:alter', 'type', (node) => node.typeName),
  CreateOpClassStmt: on('sql:create', 'operator', (node) => node.opclassname),
  CreateOpFamilyStmt: on('sql:create', 'operator', (node) => node.opfamilyname),
  AlterOpFamilyStmt: on('sql:alter', 'operator', (node) => node.opfamilyname),
  AlterOperatorStmt: on('sql:alter', 'operator', (node) => node.opername?.objname),
  CreateCastStmt: on('sql:create', 'type', (node) => node.sourcetype?.names),
  CreateConversionStmt: on('sql:create', 'object', (node) => node.conversion_name),
  CreateTransformStmt: on('sql:create', 'type', (node) => node.type_name?.names),
  CreateAmStmt: on('sql:create', 'object', (node) => node.amname),
  CreateEventTrigStmt: on('sql:create', 'object', (node) => node.trigname),
  AlterEventTrigStmt: on('sql:alter', 'object', (node) => node.trigname),
  CreatePLangStmt: on('sql:create', 'object', (node) => node.plname),
  RenameStmt: (node, walk) => {
    renamed(node, walk);
    const name = either(node.relation, node.object) ?? asNode(node.subname);
    return simple('sql:alter', kindOf(node.renameType), [name], node, walk);
  },
  AlterObjectSchemaStmt: (node, walk) => {
    movedToSchema(node, walk);
    return simple('sql:alter', kindOf(node.objectType), [either(node.relation, node.object)], node, walk);
  },
  AlterObjectDependsStmt: on(
    'sql:alter',
    (node) => kindOf(node.objectType),
    (node) => either(node.relation, node.object),
  ),
  AlterOwnerStmt: on(
    'sql:role',
    (node) => kindOf(node.objectType),
    (node) => either(node.relation, node.object),
  ),
  AlterCollationStmt: on('sql:alter', 'object', (node) => node.collname),
  AlterTSDictionaryStmt: on('sql:alter', 'object', (node) => node.dictname),
  AlterTSConfigurationStmt: on('sql:alter', 'object', (node) => node.cfgname),
  CommentStmt: on(
    'sql:comment',
    (node) => kindOf(node.objtype),
    (node) => node.object,
  ),
  SecLabelStmt: on(
    'sql:alter',
    (node) => kindOf(node.objtype),
    (node) => node.object,
  ),
  CreateRoleStmt: on('sql:role', 'role', (node) => node.role),
  AlterRoleStmt: on('sql:role', 'role', (node) => (node.role === undefined ? undefined : { RoleSpec: node.role })),
  AlterRoleSetStmt: on('sql:role', 'role', (node) => (node.role === undefined ? 'all' : { RoleSpec: node.role })),
  DropRoleStmt: (node, walk) => simple('sql:role', 'role', node.roles ?? [], node, walk),
  ReassignOwnedStmt: (node, walk) => simple('sql:role', 'role', node.roles ?? [], node, walk),
  DropOwnedStmt: (node, walk) => {
    for (const role of node.roles ?? []) simple('sql:drop', 'role', [role], {}, walk);
    sweep(walk, node);
    return NO_OUTPUT;
  },
  GrantRoleStmt: (node, walk) => {
    readWhole(walk, node);
    for (const role of node.granted_roles ?? [])
      define(walk, node.is_grant === true ? 'sql:grant' : 'sql:revoke', 'role', { parts: [roleName(role)] });
    return NO_OUTPUT;
  },
  AlterDefaultPrivilegesStmt: (node, walk) => {
    readWhole(walk, node);
    return simple(
      node.action?.is_grant === true ? 'sql:grant' : 'sql:revoke',
      'object',
      ['default privileges'].map(asNode),
      {},
      walk,
    );
  },
  ...SERVER_RULES,
  ...MAINTENANCE_RULES,
} as const satisfies { readonly [K in NodeTag]?: DefinitionRule<K> };

function policy(node: CreatePolicyStmt | AlterPolicyStmt, walk: Walk): Output {
  leftBehind(node.table, { conditions: [node.qual, node.with_check] }, walk);
  return simple('sql:alter', 'relation', [either(node.table, undefined)], node, walk);
}

function roleName(role: Node): string {
  return 'AccessPriv' in role ? (role.AccessPriv.priv_name ?? 'unnamed') : byRange(undefined).parts.join();
}
