/** A node of a policy as Cedar's JSON form gives it: the name of its operator and the operator's arguments. */
export interface ExpressionNode {
  readonly operator: string;
  readonly body: unknown;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every expression is an object with one member, its operator. */
export function nodeOf(value: unknown): ExpressionNode | undefined {
  if (!isRecord(value)) return undefined;
  const [entry, ...more] = Object.entries(value);
  return entry === undefined || more.length > 0 ? undefined : { operator: entry[0], body: entry[1] };
}

export const argument = (body: unknown, name: string): unknown => (isRecord(body) ? body[name] : undefined);

export interface EntityRef {
  readonly type: string;
  readonly id: string;
}

/** Every entity that a policy names, in its scope or its conditions. */
export function entitiesIn(value: unknown): EntityRef[] {
  if (Array.isArray(value)) return value.flatMap(entitiesIn);
  if (!isRecord(value)) return [];
  const { type, id } = value;
  if (typeof type === 'string' && typeof id === 'string') return [{ type, id }];
  return Object.values(value).flatMap(entitiesIn);
}

/** True when `context.approvals` is read anywhere below. */
export function mentionsApprovals(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(mentionsApprovals);
  return isApprovals(value) || (isRecord(value) && Object.values(value).some(mentionsApprovals));
}

/** The expression `context.approvals` itself. */
export function isApprovals(value: unknown): boolean {
  const node = nodeOf(value);
  if (node?.operator !== '.' || argument(node.body, 'attr') !== 'approvals') return false;
  return argument(argument(node.body, 'left'), 'Var') === 'context';
}
