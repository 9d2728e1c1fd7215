import type { Tool } from '../tool.ts';
import { checkTool } from './check.ts';
import { listConnectionsTool } from './connections.ts';
import { executeTool } from './execute.ts';
import { searchObjectsTool } from './search.ts';
import { cancelTool, getSessionTool } from './sessions.ts';

/** Every tool, in the order in which an agent needs them. A test holds each to its class. */
export const TOOLS: readonly Tool[] = [
  executeTool,
  checkTool,
  searchObjectsTool,
  listConnectionsTool,
  getSessionTool,
  cancelTool,
];
