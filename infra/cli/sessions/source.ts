import type { MaskedResult } from '../../../shared/domain/result-set.ts';
import type { Session } from '../../../shared/domain/session.ts';

/** What `list` can be asked for; the words of `GET /v1/sessions`. */
export interface Filter {
  readonly connection?: string;
  readonly agent?: string;
  readonly person?: string;
  readonly pipeline?: string;
  readonly table?: string;
  readonly status?: string;
  readonly from?: string;
  readonly to?: string;
  readonly text?: string;
}

/** One line of a list. */
export interface Row {
  readonly session: string;
  readonly status: string;
  readonly connection: string;
  readonly startedAt: string;
  readonly agent: string;
  readonly effects: readonly string[];
}

export interface Story {
  readonly session: Session;
  /** The masked answer, where there is one and it could be read. */
  readonly result?: MaskedResult;
}

/** Where sessions come from: the gateway, which knows the live ones, or an archive, which needs no gateway. */
export interface SessionSource {
  list(filter: Filter, limit: number): AsyncIterable<Row>;
  story(id: string): Promise<Story>;
}
