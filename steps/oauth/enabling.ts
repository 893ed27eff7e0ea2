import type { ManagementCall } from '../../harness/clients/management.ts';
import type { ConformanceWorld } from '../world.ts';

const ENABLING = JSON.stringify({ inboundSipCallsEnabled: true, passwordAuthEnabled: true });
export const JSON_TYPE = 'application/json';

/** A change that turns inbound SIP on. */
export function enabling(world: ConformanceWorld): ManagementCall {
  return {
    method: 'PATCH',
    applicationId: world.application.id,
    contentType: JSON_TYPE,
    body: ENABLING,
  };
}
