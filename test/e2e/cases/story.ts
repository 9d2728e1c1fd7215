import { expect, it } from 'vitest';
import { story } from '../../../infra/local/demo/story.ts';
import type { World } from '../world.ts';

/** The same steps as `npm run demo`; each throws when it did not come out right. */
export function storyCases(world: () => World): void {
  it('masks a read, blocks a DROP, asks for a DELETE, runs it after the click, archives it, and denies another', async () => {
    const told: string[] = [];
    for (const step of await story(world().stack)) told.push(await step.run());
    expect(told).toHaveLength(7);
    const reached = world()
      .stack.services.rdsData.reached()
      .map(({ sql }) => sql);
    const kept = world()
      .stack.services.rdsData.kept()
      .map(({ sql }) => sql);
    expect(reached.filter((sql) => /drop table/i.test(sql))).toEqual([]);
    expect(kept.filter((sql) => sql.includes('id = 1001') && sql.startsWith('DELETE'))).toHaveLength(1);
    expect(kept.filter((sql) => sql.includes('id = 1002') && sql.startsWith('DELETE'))).toEqual([]);
  });
}
