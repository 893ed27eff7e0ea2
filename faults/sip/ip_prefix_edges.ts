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
]);
