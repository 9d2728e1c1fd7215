import type { Session } from '../../../shared/domain/session.ts';
import type { Filter } from './source.ts';

type Test = (session: Session, wanted: string, statement: string) => boolean;

/** One row a word of the filter. The period is the archive's own business: it is walked by day. */
const TESTS: Readonly<Record<Exclude<keyof Filter, 'from' | 'to'>, Test>> = {
  connection: ({ submitted }, wanted) => submitted.connection === wanted,
  agent: ({ submitted }, wanted) => submitted.agent.subject === wanted,
  person: ({ votes, ended }, wanted) => ended?.by === wanted || votes.some(({ person }) => person === wanted),
  pipeline: ({ submitted }, wanted) => submitted.claimed?.['pipeline'] === wanted,
  table: ({ decided }, wanted) => decided?.effects.some(({ resource }) => resource.name === wanted) ?? false,
  status: ({ status }, wanted) => status === wanted,
  text: (_session, wanted, statement) => statement.toLowerCase().includes(wanted.toLowerCase()),
};

/** `statement`: its text, wherever it lies. */
export function matches(session: Session, filter: Filter, statement: string): boolean {
  const { from: _from, to: _to, ...words } = filter;
  return Object.entries(TESTS).every(([word, test]) => {
    const wanted = Object.entries(words).find(([name]) => name === word)?.[1];
    return wanted === undefined || test(session, wanted, statement);
  });
}
