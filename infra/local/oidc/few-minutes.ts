import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Sign-ins under way at once, with all that belongs to each: more than a machine of one developer has. */
const MOST = 1_000;

/**
 * What a sign-in needs from one request to the next, in memory: interactions, sessions, codes. The oldest go first, and
 * all of it with the stack. Signed access tokens carry everything themselves and are not kept.
 */
export function fewMinutesOf(): (model: string) => Adapter {
  const kept = new Map<string, AdapterPayload>();
  const keyOf = (model: string, id: string) => `${model}/${id}`;
  const forget = (belongs: (payload: AdapterPayload, key: string) => boolean): void => {
    for (const [key, payload] of kept) if (belongs(payload, key)) kept.delete(key);
  };
  return (model) => ({
    upsert: (id, payload) => {
      kept.delete(keyOf(model, id));
      kept.set(keyOf(model, id), payload);
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
      return Promise.resolve(undefined);
    },
    find: (id) => Promise.resolve(kept.get(keyOf(model, id))),
    findByUid: (uid) =>
      Promise.resolve([...kept].find(([key, payload]) => key.startsWith(`${model}/`) && payload.uid === uid)?.[1]),
    findByUserCode: () => Promise.resolve(undefined),
    consume: (id) => {
      const payload = kept.get(keyOf(model, id));
      if (payload !== undefined) kept.set(keyOf(model, id), { ...payload, consumed: Math.floor(Date.now() / 1_000) });
      return Promise.resolve(undefined);
    },
    destroy: (id) => Promise.resolve(void kept.delete(keyOf(model, id))),
    revokeByGrantId: (grantId) => {
      forget((payload) => payload.grantId === grantId);
      return Promise.resolve(undefined);
    },
  });
}
