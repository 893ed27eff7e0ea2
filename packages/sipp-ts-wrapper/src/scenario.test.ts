import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';

import { scenarioFile } from '../test/peers.ts';
import { checkScenario, type ScenarioContext } from './scenario.ts';
import { SippError, type SippErrorCode } from './sipp_error.ts';

const OPTIONS = 'OPTIONS sip:[service]@[remote_ip] SIP/2.0\nCall-ID: [call_id]\nCSeq: 1 OPTIONS\n';
const SEND = `<send retrans="500"><![CDATA[\n${OPTIONS}\n]]></send>`;
const none: ScenarioContext = { keys: [], fields: 0 };

const file = (body: string) => `<?xml version="1.0"?>\n<scenario name="x">\n${body}\n</scenario>\n`;

function refusal(
  source: string,
  context = none,
): { code: SippErrorCode; line: number | undefined; message: string } {
  try {
    checkScenario('x.xml', source, context);
  } catch (failure) {
    assert.ok(failure instanceof SippError, String(failure));
    return { code: failure.code, line: failure.line, message: failure.message };
  }
  throw new Error('the scenario was accepted');
}

describe('a scenario', () => {
  test('is read as the steps SIPp numbers', () => {
    const scenario = checkScenario(
      'x.xml',
      file(
        `${SEND}\n<recv response="100" optional="true"/>\n<label id="1"/>\n<pause/><recv response="200"/>`,
      ),
      none,
    );
    assert.equal(scenario.role, 'client');
    assert.deepEqual(scenario.steps, [
      { element: 'send', line: 3, expects: undefined, optional: false },
      { element: 'recv', line: 9, expects: '100', optional: true },
      { element: 'pause', line: 11, expects: undefined, optional: false },
      { element: 'recv', line: 11, expects: '200', optional: false },
    ]);
  });

  test('may use every kind of keyword', () => {
    const keywords =
      '[field0][field1 line=2][last_Via:][last_Request_URI][cseq+1][media_port-2][authentication username=[field0]]'.replace(
        '=[field0]]',
        '=joe password=x]',
      ) + '[$name][fill text="]" variable="x"][file name="a.txt"][mine][call_number] \\x5B';
    const source = file(`<send><![CDATA[\n${OPTIONS}Subject: ${keywords}\n]]></send>`);
    assert.equal(checkScenario('x.xml', source, { keys: ['mine'], fields: 2 }).steps.length, 1);
  });

  test('may use what SIPp 3.7 added', () => {
    const keywords = [
      'rtpstream_audio_port',
      'rtpstream_video_port+1',
      'cryptotag1audio',
      'cryptotag2video',
      'cryptokeyparams1audio',
      'cryptokeyparams2video',
      'cryptosuiteaescm128sha1801audio',
      'cryptosuiteaescm128sha1322video',
      'cryptosuitenullsha1321audio',
      'cryptosuitenullsha1802video',
      'ueaescm128sha1801audio',
      'ueaescm128sha1322video',
    ].map((name) => `[${name}]`);
    const actions =
      '<nop><action><exec rtp_stream="apattern,1,1,0,PCMU/8000"/><exec rtp_echo="startaudio,0,PCMU/8000"/>' +
      '<rtp_echo value="1"/><urlencode variable="v"/><urldecode variable="v"/></action></nop>' +
      '<recv response="2.." regexp_match="true"/>';
    const source = file(`<send><![CDATA[\n${OPTIONS}Subject: ${keywords.join('')}\n]]></send>${actions}`);
    assert.equal(checkScenario('x.xml', source, none).steps.length, 3);
    const other = source.replace('[cryptotag1audio]', '[cryptotag3audio]');
    assert.equal(refusal(other).code, 'SCENARIO_UNKNOWN_KEYWORD');
  });

  test('may be any of those SIPp has built in', () => {
    for (const name of [
      'uac',
      'uas',
      'regexp',
      'branchc',
      'branchs',
      '3pcc-C-A',
      '3pcc-C-B',
      '3pcc-A',
      '3pcc-B',
    ]) {
      const dumped = spawnSync('sipp', ['-sd', name], { encoding: 'latin1' }).stdout;
      const scenario = checkScenario(name, dumped, none);
      assert.ok(scenario.steps.length > 1, name);
    }
  });

  const refused: [string, SippErrorCode, number, RegExp][] = [
    ['', 'SCENARIO_MALFORMED', 1, /starts with <\?xml/],
    [`\n${file(SEND)}`, 'SCENARIO_MALFORMED', 1, /with nothing before it/],
    ['<?xml version="1.0"?>', 'SCENARIO_MALFORMED', 1, /the file holds no element/],
    [file(SEND).replace('</scenario>', ''), 'SCENARIO_MALFORMED', 2, /<scenario> is not closed/],
    [`${file(SEND)}junk`, 'SCENARIO_MALFORMED', 10, /text after <\/scenario>/],
    [
      file(SEND).replace('</send>', '</sent>'),
      'SCENARIO_MALFORMED',
      8,
      /<\/sent> closes nothing: <send> of line 3/,
    ],
    [file(SEND).replace(']]>', ''), 'SCENARIO_MALFORMED', 3, /CDATA section is not closed/],
    [file(`${SEND}\n<recv response='200'/>`), 'SCENARIO_MALFORMED', 9, /single quotes, which SIPp misreads/],
    [file(`${SEND}\n<recv response=200/>`), 'SCENARIO_MALFORMED', 9, /not in double quotes/],
    [file(`${SEND}<recv response="200" response="1"/>`), 'SCENARIO_MALFORMED', 8, /given twice/],
    [file('<recv request="<x>"/>'), 'SCENARIO_MALFORMED', 3, /write &lt;/],
    [file('<recv request="&apos;"/>'), 'SCENARIO_MALFORMED', 3, /&apos;, which SIPp does not decode/],
    [file('<?php ?>'), 'SCENARIO_MALFORMED', 3, /no processing instruction/],
    [file(''), 'SCENARIO_MALFORMED', 2, /neither sends nor receives/],
    ['<?xml version="1.0"?><call/>', 'SCENARIO_MALFORMED', 1, /must be <scenario>/],
    [file(`${SEND}\n<recv/>`), 'SCENARIO_MALFORMED', 9, /one of response="…" and request="…"/],
    [file('<send>text</send>'), 'SCENARIO_MALFORMED', 3, /needs its message in <!\[CDATA\[/],
    [file(SEND.replace('[call_id]', '[call_id')), 'SCENARIO_MALFORMED', 5, /write \\x5B/],
    [file(SEND.replace('[call_id]', '[[local_ip]]')), 'SCENARIO_MALFORMED', 5, /write \\x5B/],
    [file(SEND.replace('[call_id]', '[caller_id]')), 'SCENARIO_UNKNOWN_KEYWORD', 5, /did you mean call_id\?/],
    [file(`${SEND}<receive/>`), 'SCENARIO_UNKNOWN_ELEMENT', 8, /SIPp knows no <receive> in <scenario>/],
    [file(`${SEND}<Recv/>`), 'SCENARIO_UNKNOWN_ELEMENT', 8, /did you mean recv\?/],
    [
      file('<recv request="A">\n<action><eregg regexp="x"/></action></recv>'),
      'SCENARIO_UNKNOWN_ELEMENT',
      4,
      /in <action>; did you mean ereg\?/,
    ],
    [file(`${SEND}\n<recv respons="200"/>`), 'SCENARIO_UNKNOWN_ATTRIBUTE', 9, /did you mean response\?/],
    [
      file('<recv request="A"><action>\n<log message="[nobody]"/></action></recv>'),
      'SCENARIO_UNKNOWN_KEYWORD',
      4,
      /\[nobody\]/,
    ],
    [
      file(SEND.replace('[call_id]', '[field0]')),
      'OPTIONS_INVALID',
      5,
      /\[field0\] is used, but no rows are given/,
    ],
  ];
  for (const [source, code, line, message] of refused) {
    test(`is refused with ${code}: ${message.source}`, () => {
      const found = refusal(source);
      assert.match(found.message, message);
      assert.deepEqual([found.code, found.line], [code, line]);
      assert.ok(found.message.startsWith(`x.xml:${line}: `));
    });
  }

  test('is refused where a row is too short', () => {
    const { code, message } = refusal(file(SEND.replace('[call_id]', '[field2]')), { keys: [], fields: 2 });
    assert.equal(code, 'OPTIONS_INVALID');
    assert.match(message, /\[field2\] is used, but the shortest row has 2 of them/);
  });

  test('names the file as it was given', () => {
    const name = scenarioFile('absent');
    assert.throws(() => checkScenario(name, 'x', none), new RegExp(`^SippError: ${name}:1: `));
  });
});
