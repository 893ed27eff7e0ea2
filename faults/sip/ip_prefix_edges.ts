import { decidedOtherwise, faultsOf } from '../fault.ts';

const ONE_ADDRESS = 0xffffffff;

export default faultsOf('sip.ip.prefix-edges', [
  {
    id: 'everybody-is-nobody',
    sentence: 'The prefix 0.0.0.0/0 lets nobody in.',
    override: decidedOtherwise((decision) =>
      decision.action === 'deliver' && decision.application.allowedSources.some(({ mask }) => mask === 0)
        ? { action: 'refuse', status: 401, reason: 'source-not-allowed' }
        : decision,
    ),
  },
  {
    id: 'prefix-and-the-address-after-it',
    sentence: 'The first address after a listed prefix is let in too.',
    override: decidedOtherwise((decision, { request, source }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      const isNext = application?.allowedSources.some(
        ({ network, mask }) => (network | ~mask) >>> 0 === source - 1,
      );
      return decision.reason === 'source-not-allowed' && application !== undefined && isNext === true
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'prefix-and-the-address-before-it',
    sentence: 'The last address before a listed prefix is let in too.',
    override: decidedOtherwise((decision, { request, source }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      const isBefore = application?.allowedSources.some(({ network }) => network === source + 1);
      return decision.reason === 'source-not-allowed' && application !== undefined && isBefore === true
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
  {
    id: 'prefix-without-its-first-address',
    sentence: 'The first address of a listed prefix is taken for its network address and not let in.',
    override: decidedOtherwise((decision, { source }) =>
      decision.action === 'deliver' &&
      decision.application.allowedSources.some(
        ({ network, mask }) => mask !== ONE_ADDRESS && network === source,
      )
        ? { action: 'refuse', status: 401, reason: 'source-not-allowed' }
        : decision,
    ),
  },
  {
    id: 'prefix-without-its-last-address',
    sentence: 'The last address of a listed prefix is taken for its broadcast address and not let in.',
    override: decidedOtherwise((decision, { source }) =>
      decision.action === 'deliver' &&
      decision.application.allowedSources.some(
        ({ network, mask }) => mask !== ONE_ADDRESS && (network | ~mask) >>> 0 === source,
      )
        ? { action: 'refuse', status: 401, reason: 'source-not-allowed' }
        : decision,
    ),
  },
  {
    id: 'pair-without-its-second-address',
    sentence: 'A prefix of 31 bits lets only its first address in.',
    override: decidedOtherwise((decision, { source }) =>
      decision.action === 'deliver' &&
      decision.application.allowedSources.some(
        ({ network, mask }) => mask === ONE_ADDRESS - 1 && network !== source,
      )
        ? { action: 'refuse', status: 401, reason: 'source-not-allowed' }
        : decision,
    ),
  },
  {
    id: 'short-prefix-is-nobody',
    sentence: 'A prefix of fewer than eight bits lets nobody in.',
    override: decidedOtherwise((decision) =>
      decision.action === 'deliver' &&
      decision.application.allowedSources.some(({ mask }) => mask !== 0 && mask < 0xff000000)
        ? { action: 'refuse', status: 401, reason: 'source-not-allowed' }
        : decision,
    ),
  },
  {
    id: 'single-address-is-a-pair',
    sentence: 'A single listed address is taken for the pair of addresses that it belongs to.',
    override: decidedOtherwise((decision, { request, source }, { directory }) => {
      const application = directory.find(request.uri.user ?? '');
      const isPartner = application?.allowedSources.some(
        ({ network, mask }) => mask === ONE_ADDRESS && network === (source ^ 1) >>> 0,
      );
      return decision.reason === 'source-not-allowed' && application !== undefined && isPartner === true
        ? { action: 'deliver', reason: 'source-trusted', application, nonceUse: undefined }
        : decision;
    }),
  },
]);
