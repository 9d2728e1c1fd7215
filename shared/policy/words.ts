import { DECLASSIFY, INFER } from '../domain/inference.ts';

/** Actions of the gateway itself, beside those that connectors bring. None is in an action group: each must be named. */
export const CONNECT = 'connect';
export const REVEAL = 'reveal';

/** What shows or tells of classified columns. A permit over every action does not speak of these. */
export const isOfColumns = (action: string): boolean => [REVEAL, INFER, DECLASSIFY].includes(action);

/** Facts of the request that every policy may ask about. Effect attributes may not take these names. */
export const CONTEXT_FACTS = ['approvals', 'breakGlass', 'reason', 'ticket', 'pipeline', 'connection'] as const;

/** Ids of Cedar entities. A connection's name holds no slash, so nothing of one connection can be named as another's. */
export const uid = {
  connection: (name: string) => ({ type: 'Connection', id: name }),
  environment: (name: string) => ({ type: 'Environment', id: name }),
  group: (name: string) => ({ type: 'Group', id: name }),
  action: (name: string) => ({ type: 'Action', id: name }),
  /** Issuer names hold no slash either. */
  agent: (issuer: string, subject: string) => ({ type: 'Agent', id: `${issuer}/${subject}` }),
  resource: (connection: string, kind: string, name: string) => ({
    type: 'Resource',
    id: `${connection}/${kind}/${name}`,
  }),
  container: (type: string, connection: string, name: string) => ({ type, id: `${connection}/${name}` }),
  column: (connection: string, relation: string, column: string) => ({
    type: 'Column',
    id: `${connection}/${JSON.stringify([relation, column])}`,
  }),
  class: (name: string) => ({ type: 'Class', id: name }),
} as const;
