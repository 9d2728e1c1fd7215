import type { Clock } from '../../../../shared/platform/clock.ts';
import type { Operations } from '../wire/aws-json.ts';
import { run } from './engine.ts';
import { createTable, deleteTable } from './tables.ts';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.ts';
import { transactGet, transactWrite } from './transactions.ts';
import type { WriteRoom } from './writer.ts';
import { write } from './writer.ts';

/** Every operation there is. Not here, and refused by name: UpdateTable, backups, PartiQL, tags, the Streams API. */
export function operations(room: WriteRoom, clock: Clock): Operations {
  const { store } = room;
  return {
    BatchGetItem: (input) => run(store, 'BatchGetItem', input),
    BatchWriteItem: (input) => write(room, 'BatchWriteItem', input),
    CreateTable: (input) => room.inTurn(() => createTable(store, input, clock())),
    DeleteItem: (input) => write(room, 'DeleteItem', input),
    DeleteTable: (input) => room.inTurn(() => deleteTable(store, input)),
    DescribeTable: (input) => run(store, 'DescribeTable', input),
    DescribeTimeToLive: (input) => describeTimeToLive(room, input),
    GetItem: (input) => run(store, 'GetItem', input),
    ListTables: (input) => run(store, 'ListTables', input),
    PutItem: (input) => write(room, 'PutItem', input),
    Query: (input) => run(store, 'Query', input),
    Scan: (input) => run(store, 'Scan', input),
    TransactGetItems: (input) => transactGet(room, input),
    TransactWriteItems: (input) => transactWrite(room, input, clock()),
    UpdateItem: (input) => write(room, 'UpdateItem', input),
    UpdateTimeToLive: (input) => updateTimeToLive(room, input),
  };
}
