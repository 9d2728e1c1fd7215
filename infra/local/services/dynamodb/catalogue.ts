import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import deleteTable from 'dynalite/actions/deleteTable.js';
import describeTable from 'dynalite/actions/describeTable.js';
import getItem from 'dynalite/actions/getItem.js';
import listTables from 'dynalite/actions/listTables.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import validBatchGetItem from 'dynalite/validations/batchGetItem.js';
import validBatchWriteItem from 'dynalite/validations/batchWriteItem.js';
import validCreateTable from 'dynalite/validations/createTable.js';
import validDeleteItem from 'dynalite/validations/deleteItem.js';
import validDeleteTable from 'dynalite/validations/deleteTable.js';
import validDescribeTable from 'dynalite/validations/describeTable.js';
import validGetItem from 'dynalite/validations/getItem.js';
import validListTables from 'dynalite/validations/listTables.js';
import validPutItem from 'dynalite/validations/putItem.js';
import validQuery from 'dynalite/validations/query.js';
import validScan from 'dynalite/validations/scan.js';
import validUpdateItem from 'dynalite/validations/updateItem.js';

/** What dynalite does and how it checks the input of it. UpdateTable and tags exist there and are not offered here. */
export const catalogue = {
  BatchGetItem: { action: batchGetItem, valid: validBatchGetItem },
  BatchWriteItem: { action: batchWriteItem, valid: validBatchWriteItem },
  CreateTable: { action: createTable, valid: validCreateTable },
  DeleteItem: { action: deleteItem, valid: validDeleteItem },
  DeleteTable: { action: deleteTable, valid: validDeleteTable },
  DescribeTable: { action: describeTable, valid: validDescribeTable },
  GetItem: { action: getItem, valid: validGetItem },
  ListTables: { action: listTables, valid: validListTables },
  PutItem: { action: putItem, valid: validPutItem },
  Query: { action: query, valid: validQuery },
  Scan: { action: scan, valid: validScan },
  UpdateItem: { action: updateItem, valid: validUpdateItem },
} as const;

export type OperationName = keyof typeof catalogue;
export type WriteName = 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'BatchWriteItem';
