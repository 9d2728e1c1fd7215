import type { NodeTag } from '../grammar/nodes.ts';
import { on } from './definition-rule.ts';
import type { DefinitionRule } from './definition-rule.ts';

/** What belongs to the server and not to one database: tablespaces, foreign servers, databases, replication. */
export const SERVER_RULES = {
  CreateTableSpaceStmt: on('sql:server', 'server', (node) => node.tablespacename),
  DropTableSpaceStmt: on('sql:server', 'server', (node) => node.tablespacename),
  AlterTableSpaceOptionsStmt: on('sql:server', 'server', (node) => node.tablespacename),
  AlterTableMoveAllStmt: on('sql:server', 'server', (node) => node.orig_tablespacename),
  CreateFdwStmt: on('sql:server', 'server', (node) => node.fdwname),
  AlterFdwStmt: on('sql:server', 'server', (node) => node.fdwname),
  CreateForeignServerStmt: on('sql:server', 'server', (node) => node.servername),
  AlterForeignServerStmt: on('sql:server', 'server', (node) => node.servername),
  CreateUserMappingStmt: on('sql:server', 'server', (node) => node.servername),
  AlterUserMappingStmt: on('sql:server', 'server', (node) => node.servername),
  DropUserMappingStmt: on('sql:server', 'server', (node) => node.servername),
  ImportForeignSchemaStmt: on('sql:server', 'server', (node) => node.server_name),
  CreatedbStmt: on('sql:server', 'database', (node) => node.dbname),
  AlterDatabaseStmt: on('sql:server', 'database', (node) => node.dbname),
  AlterDatabaseRefreshCollStmt: on('sql:server', 'database', (node) => node.dbname),
  AlterDatabaseSetStmt: on('sql:server', 'database', (node) => node.dbname),
  DropdbStmt: on('sql:drop', 'database', (node) => node.dbname),
  AlterSystemStmt: on('sql:server', 'setting', (node) => node.setstmt?.name ?? 'all'),
  CreatePublicationStmt: on('sql:server', 'object', (node) => node.pubname),
  AlterPublicationStmt: on('sql:server', 'object', (node) => node.pubname),
  CreateSubscriptionStmt: on('sql:server', 'object', (node) => node.subname),
  AlterSubscriptionStmt: on('sql:server', 'object', (node) => node.subname),
  DropSubscriptionStmt: on('sql:server', 'object', (node) => node.subname),
} as const satisfies { readonly [K in NodeTag]?: DefinitionRule<K> };
