/** The elements, attributes and keywords of SIPp 3.6 and 3.7. What a SIPp lacks, it refuses itself. */

const words = (list: string): readonly string[] => list.trim().split(/\s+/);

/** Attributes of every message command (`getCommonAttributes`). */
const COMMAND = words(`start_rtd rtd repeat_rtd counter crlf ignoresdp hiderest hide display condexec
  condexec_inverse next test chance ontimeout lost`);
const DISTRIBUTION = words(
  `distribution value min max mean stdev lambda k x_m shape scale location theta n p`,
);
const PAUSE = [
  ...COMMAND,
  ...DISTRIBUTION,
  ...words('milliseconds variable sanity_check normal exponential lognormal weibull pareto gamma poisson'),
];
const ARITHMETIC = words('assign_to value variable');
const COMPARISON = words('assign_to variable value variable2 compare check_it check_it_inverse');

/** Elements that are steps of a call. SIPp numbers them from 0, in the order of the file. */
export const STEP_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['send', [...COMMAND, ...words('retrans timeout start_txn ack_txn')]],
  [
    'recv',
    [
      ...COMMAND,
      ...words(
        'response request optional advance_state regexp_match timeout rrs auth response_txn ignosesdp timeout_variable',
      ),
    ],
  ],
  ['pause', PAUSE],
  ['timewait', PAUSE],
  ['nop', COMMAND],
  ['sendCmd', [...COMMAND, 'dest']],
  ['recvCmd', [...COMMAND, ...words('src optional')]],
]);

/** The other elements of a scenario. */
export const SECTION_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['init', []],
  ['label', ['id']],
  ['Global', ['variables']],
  ['User', ['variables']],
  ['Reference', ['variables']],
  ['DefaultMessage', ['id']],
  ['CallLengthRepartition', ['value']],
  ['ResponseTimeRepartition', ['value']],
]);

/** Actions, by element name. */
export const ACTION_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'ereg',
    words(`regexp search_in header occurrence occurence case_indep start_line variable assign_to check_it
      check_it_inverse`),
  ],
  ['log', ['message']],
  ['warning', ['message']],
  ['error', ['message']],
  ['assign', ARITHMETIC],
  ['add', ARITHMETIC],
  ['subtract', ARITHMETIC],
  ['multiply', ARITHMETIC],
  ['divide', ARITHMETIC],
  ['jump', ARITHMETIC],
  ['pauserestore', ARITHMETIC],
  ['assignstr', words('assign_to value')],
  ['gettimeofday', ['assign_to']],
  ['index', ['assign_to']],
  ['trim', ['assign_to']],
  ['sample', ['assign_to', ...DISTRIBUTION]],
  ['todouble', words('assign_to variable')],
  ['test', COMPARISON],
  ['strcmp', COMPARISON],
  ['verifyauth', words('assign_to username password')],
  ['lookup', words('assign_to file key')],
  ['insert', words('file value')],
  ['replace', words('file line value')],
  ['setdest', words('host port protocol')],
  ['closecon', []],
  ['urldecode', ['variable']],
  ['urlencode', ['variable']],
  ['rtp_echo', words('value variable')],
  [
    'exec',
    words('command int_cmd play_pcap_audio play_pcap_image play_pcap_video play_dtmf rtp_stream rtp_echo'),
  ],
]);

/** Action attributes in which SIPp expands keywords. */
export const EXPANDED_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['log', ['message']],
  ['warning', ['message']],
  ['error', ['message']],
  ['assignstr', ['value']],
  ['verifyauth', words('username password')],
  ['lookup', words('file key')],
  ['insert', words('file value')],
  ['replace', words('file line value')],
  ['setdest', words('host port protocol')],
  ['exec', words('command play_dtmf')],
]);

/** SRTP, since 3.7: `[cryptotag1audio]`, `[cryptosuiteaescm128sha1801video]` … */
const SRTP_KEYWORDS = ['audio', 'video'].flatMap((medium) =>
  ['1', '2'].flatMap((line) =>
    [
      'cryptotag',
      'cryptokeyparams',
      ...['80', '32'].flatMap((tagBits) =>
        ['cryptosuiteaescm128sha1', 'cryptosuitenullsha1', 'ueaescm128sha1'].map((suite) => suite + tagBits),
      ),
    ].map((name) => name + line + medium),
  ),
);

/** Keywords without parameters. Offsets, as in `[cseq+1]`, are removed before the look-up. */
export const SIMPLE_KEYWORDS: ReadonlySet<string> = new Set([
  ...words(`remote_ip remote_host remote_port transport local_ip local_ip_type local_port server_ip media_ip
    media_ip_type media_port auto_media_port rtpstream_audio_port rtpstream_video_port call_number dynamic_id call_id
    cseq pid service branch msg_index next_url len peer_tag_param last_Request_URI last_cseq_number last_message routes
    tdmmap clock_tick users userid timestamp date sipp_version`),
  ...SRTP_KEYWORDS,
]);
/** Keywords with a parameter or a free part: `[field3 file="x"]`, `[last_Via:]`, `[$name]` … */
export const KEYWORD_FAMILY =
  /^(?:field\d+(?: |$)|file |fill(?: |$)|last_.|authentication(?: |$)|tdmmap|\$.)/;
