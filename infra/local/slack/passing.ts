import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../shared/platform/clock.ts';
import type { Modal } from './blocks.ts';

/** What Slack hands out for a short while: triggers, open modals and response addresses. Kept in memory only. */

/** Slack: a trigger opens one modal, within 3 s. */
const TRIGGER_MS = 3_000;
/** Slack: a response_url is good for five answers within 30 minutes. */
const RESPONSE_MS = 1_800_000;
const RESPONSE_USES = 5;
/** More at once than anybody presses buttons; the oldest go. */
const MAX_HELD = 500;

export interface OpenModal {
  readonly id: string;
  readonly user: string;
  readonly modal: Modal;
}
export interface ResponseTarget {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
}
type TriggerFault = 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';

export interface Passing {
  readonly trigger: (user: string) => string;
  readonly open: (trigger: string, modal: Modal) => OpenModal | TriggerFault;
  readonly modal: (id: string) => OpenModal | undefined;
  readonly modalFor: (user: string) => OpenModal | undefined;
  readonly change: (id: string, modal: Modal) => void;
  readonly close: (id: string) => void;
  readonly responseToken: (target: ResponseTarget) => string;
  readonly response: (token: string) => ResponseTarget | undefined;
}

export function createPassing(clock: Clock, triggerMs = TRIGGER_MS): Passing {
  const triggers = new Map<string, { user: string; until: number; used: boolean }>();
  const modals = new Map<string, OpenModal>();
  const responses = new Map<string, { target: ResponseTarget; until: number; left: number }>();
  const now = () => clock().getTime();
  return {
    trigger: (user) => put(triggers, 'trigger', { user, until: now() + triggerMs, used: false }),
    open: (id, modal) => {
      const trigger = triggers.get(id);
      if (trigger === undefined) return 'invalid_trigger_id';
      if (trigger.used) return 'exchanged_trigger_id';
      if (now() > trigger.until) return 'expired_trigger_id';
      trigger.used = true;
      const opened = { id: `V${token().toUpperCase().slice(0, 10)}`, user: trigger.user, modal };
      // One modal a person: a new one takes the place of the old.
      for (const [other, held] of modals) if (held.user === trigger.user) modals.delete(other);
      modals.set(opened.id, opened);
      return opened;
    },
    modal: (id) => modals.get(id),
    modalFor: (user) => [...modals.values()].find((held) => held.user === user),
    change: (id, modal) => {
      const held = modals.get(id);
      if (held !== undefined) modals.set(id, { ...held, modal });
    },
    close: (id) => modals.delete(id),
    responseToken: (target) => put(responses, 'r', { target, until: now() + RESPONSE_MS, left: RESPONSE_USES }),
    response: (id) => {
      const held = responses.get(id);
      if (held === undefined || held.left === 0 || now() > held.until) return undefined;
      held.left -= 1;
      return held.target;
    },
  };
}

const token = (): string => randomBytes(16).toString('hex');

function put<T>(map: Map<string, T>, prefix: string, value: T): string {
  const id = `${prefix}.${token()}`;
  map.set(id, value);
  const [oldest] = map.keys();
  if (map.size > MAX_HELD && oldest !== undefined) map.delete(oldest);
  return id;
}
