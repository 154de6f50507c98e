/** The requests of a scenario as a trial sends them. */
import type { TrialContext } from '../scenario/trial-context.ts';
import type { BuiltRequest } from './send.ts';

export interface ScriptRequest {
  /** Index in the scenario. */
  index: number;
  /** Its cookie jar; '' is the common one. */
  client: string;
  /** Others refer to its answer by this name. */
  name: string | undefined;
  /** How long to wait after its answer, in ms; undefined: until the worker has nothing left to do for it. */
  settleMs: number | undefined;
  timeoutMs: number;
  /** Throws an ExpandError if a reference has no value in this trial. */
  build(references: TrialContext): BuiltRequest;
}

export interface GroupMember extends ScriptRequest {
  /** It starts when this other member has its head or its whole answer. */
  after: { member: number; event: 'headers' | 'end' } | undefined;
  /** It has a body, which can be held. */
  hasBody: boolean;
}

export interface Script {
  resets: readonly ScriptRequest[];
  setup: readonly ScriptRequest[];
  group: readonly GroupMember[];
  probes: readonly ScriptRequest[];
  /** Sent in parallel to warm a worker up. */
  warm: readonly ScriptRequest[];
}
