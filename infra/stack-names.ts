/** Names that commands and documents know the stacks by. */
export const STACKS = {
  gateway: 'Countersign',
  configuration: 'CountersignConfiguration',
  sample: 'CountersignSample',
} as const;
