import type { SipRequest, SipResponse } from '../../impl/sip/message.ts';
import { forwardedRequest, forwardedResponse } from '../../impl/sip/serialiser.ts';
import { edgeOptions, type Fault } from '../fault.ts';
import { PASSING_CONDITIONS, type Passing, type PassingCondition } from './forwarding_conditions.ts';
import { TREATMENTS, type Treatment } from './treatments.ts';

/** Every treatment of a message is left out, or made wrong, under every condition under which an observer can tell. */
export function forwardingFaults(): readonly Fault[] {
  return Object.entries(TREATMENTS).flatMap(([name, treatment]) =>
    Object.entries(PASSING_CONDITIONS)
      .filter(([condition]) => !Object.hasOwn(treatment.unseen, condition))
      .map(([condition, when]) => conditional(name, treatment, condition, when)),
  );
}

function conditional(
  name: string,
  { of, what, rules: [rule, ...foundBy], undo }: Treatment,
  condition: string,
  { sentence, holds }: PassingCondition,
): Fault {
  const undone = (packet: Buffer, passing: Passing): Buffer => {
    const { kind } = passing.message;
    if (kind !== of || !holds(passing)) return packet;
    return Buffer.from(undo(packet.toString('latin1'), passing), 'latin1');
  };
  return {
    id: `${name}-undone-${condition}`,
    rule,
    foundBy,
    sentence: `The service ${what} a ${of} if ${sentence}.`,
    override: edgeOptions(({ platform }) => ({
      parts: {
        forwardedRequest: (request, forwarding) =>
          undone(
            forwardedRequest(request, forwarding),
            requestPassing(request, forwarding.isOverStream, platform.host),
          ),
        forwardedResponse: (response, forwarding) =>
          undone(
            forwardedResponse(response, forwarding),
            responsePassing(response, forwarding.isOverStream, platform.host),
          ),
      },
    })),
  };
}

function requestPassing(message: SipRequest, isOverStream: boolean, platform: string): Passing {
  const towards = message.via.host === platform ? 'caller' : 'platform';
  const isOverTcp = towards === 'caller' ? isOverStream : message.via.transport === 'TCP';
  return { message, towards, protocol: isOverTcp ? 'TCP' : 'UDP' };
}

/** A response leaves over a stream to a caller only; one of the caller came over what its topmost Via says. */
function responsePassing(message: SipResponse, isOverStream: boolean, platform: string): Passing {
  const isOfCaller = message.values('via').join().includes(`/UDP ${platform}:`);
  const isOverTcp = isOfCaller ? message.via.transport === 'TCP' : isOverStream;
  return { message, towards: isOfCaller ? 'platform' : 'caller', protocol: isOverTcp ? 'TCP' : 'UDP' };
}
