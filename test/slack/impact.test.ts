import { describe, expect, test } from 'vitest';
import type { ApprovalView } from '../../shared/domain/approval-view.ts';
import type { MaskedResult } from '../../shared/domain/result-set.ts';
import { approvalMessage } from '../../shared/slack/message.ts';
import { view } from './views.ts';

const textOf = (changes: Partial<ApprovalView>): string => JSON.stringify(approvalMessage(view(changes)).blocks);
const hasApprove = (changes: Partial<ApprovalView>): boolean => textOf(changes).includes('"Approve"');

const sample = (rows: MaskedResult['rows'], names = ['id', 'email', 'city', 'city (new)']): MaskedResult => ({
  columns: names.map((name) => ({ name, type: 'text', masked: name === 'email' })),
  rows,
  rowCount: rows.length,
  truncated: false,
});
const measured = { basis: 'measured', rows: 3 } as const;

describe('what an approver is shown of the impact', () => {
  test('the number and how it is known, what is not in it, and how many rows a yes is good for', () => {
    const text = textOf({
      impact: { rows: measured, uncounted: ['what the trigger t does'] },
      bound: { rowsMax: 3, tolerancePercent: 10 },
    });
    expect(text).toContain('*Impact* · 3 rows (measured: it was run and rolled back)');
    expect(text).toContain('• not in this number: what the trigger t does');
    expect(text).toContain('a yes is good for at most 3 rows (the measured number and 10 % more)');
    expect(textOf({ impact: { rows: { basis: 'unknown', why: 'no answer' }, uncounted: [] } })).toContain(
      '*Impact* · could not be measured: no answer',
    );
  });

  test('rows as an aligned table, one line each, masks as they are', () => {
    const rows = [
      [1, '[masked:pii.email]', 'Porto', 'Graz'],
      [22, '[masked:pii.email]', 'a\nb', '`*x*`'],
    ];
    const { blocks } = approvalMessage(view({ impact: { rows: measured, uncounted: [], sample: sample(rows) } }));
    const shown = JSON.stringify(blocks);
    expect(shown).toContain('id  email               city    city (new)');
    expect(shown).toContain(String.raw`1   [masked:pii.email]  Porto   Graz`);
    expect(shown).toContain(String.raw`22  [masked:pii.email]  \"a\\nb\"`);
  });

  test.each<[string, Partial<ApprovalView>]>([
    [
      'names that ping',
      { impact: { rows: measured, uncounted: ['<!channel> & <@U1>'], sample: sample([['<!here>', 'x', '```', '‮']]) } },
    ],
    [
      'more than a screen',
      {
        impact: {
          rows: { basis: 'estimated', rows: 5, why: '&'.repeat(9_000) },
          uncounted: Array.from({ length: 200 }, () => '<'.repeat(900)),
          sample: sample(
            Array.from({ length: 5 }, () => Array.from({ length: 40 }, () => '&'.repeat(500))),
            Array.from({ length: 40 }, (_, at) => `column ${String(at)}`),
          ),
        },
      },
    ],
  ])('%s leave a message that is whole, harmless and can be answered', (_name, changes) => {
    const text = textOf(changes);
    expect(text).not.toMatch(/<!(?!date\^)|<@/);
    expect(text).not.toContain('‮');
    expect(hasApprove(changes)).toBe(true);
    for (const block of approvalMessage(view(changes)).blocks)
      expect(JSON.stringify(block).length).toBeLessThan(12_000);
  });
});
