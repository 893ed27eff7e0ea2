Feature: Messages that are meant to crash
  Fields that are too long, too many, there twice or empty, and Via headers that only the parsers of others survived.

  @hard.message.long-fields
  Rule: Fields out of all proportion are refused or ignored, and the service goes on

    Scenario: Over UDP
      Given a voice application with password authentication
      When INVITEs come without credentials, with
        | form                                    |
        | a From tag of 255 octets                |
        | a From tag of 60,000 octets             |
        | a To tag of 255 octets                  |
        | an empty From tag                       |
        | an empty To tag                         |
        | no From tag                             |
        | two From tags                           |
        | two To                                  |
        | two To, the second with a tag           |
        | two To, the second with an empty tag    |
        | two From                                |
        | two Call-ID                             |
        | two CSeq                                |
        | two Max-Forwards                        |
        | an empty To                             |
        | an empty From                           |
        | an empty Contact                        |
        | an empty CSeq                           |
        | an empty Max-Forwards                   |
        | a Request-URI of 60,000 octets          |
        | a Request-URI with 5,000 parameters     |
        | a host of 60,000 octets                 |
        | 300 header fields                       |
        | 5,000 header fields                     |
        | a header value of 60,000 octets         |
        | a header name of 60,000 octets          |
        | a header folded 10,000 times            |
        | a Call-ID of 60,000 octets              |
        | a method of 60,000 octets               |
        | a branch of 60,000 octets               |
        | a display name of 60,000 octets         |
        | a display name of 30,000 quoted pairs   |
        | 1,000 Via                               |
        | 1,000 Via values in one line            |
        | 1,000 Route                             |
        | 1,000 Route values in one line          |
        | 1,000 Record-Route                      |
        | 1,000 Contact                           |
        | 500 Proxy-Authorization                 |
        | credentials of 60,000 octets            |
        | credentials with 5,000 parameters       |
        | a CSeq of 60,000 digits                 |
        | a Max-Forwards of 60,000 digits         |
        | a Content-Length of 60,000 digits       |
        | 60,000 opening brackets                 |
        | 60,000 quotes                           |
      Then each gets a refusal or no answer
      And the service goes on
      When it is called with its password
      Then the call is set up

  @hard.message.bad-via
  Rule: A Via that cannot be read is refused or ignored, and the service goes on
    "ME" stands for the sender's address and port, "BRANCH" for a branch of its own.

    Scenario Outline: <place>
      Given a voice application with password authentication
      When INVITEs come without credentials, with these lines <place>
        | Via: SIP/2.0/UDP :]                                        |
        | Via: SIP/2.0/UDP :[                                        |
        | Via: SIP/2.0/UDP []                                        |
        | Via: SIP/2.0/UDP [::                                       |
        | Via: SIP/2.0/UDP ]:5060;branch=BRANCH                      |
        | Via: SIP/2.0/UDP                                           |
        | Via:                                                       |
        | Via: ,                                                     |
        | Via: ,,,,;;;;                                              |
        | Via: ;branch=BRANCH                                        |
        | Via: SIP                                                   |
        | Via: SIP/                                                  |
        | Via: SIP/2.0                                               |
        | Via: SIP/2.0/                                              |
        | Via: SIP/2.0/UDP;branch=BRANCH                             |
        | Via: SIP/2.0/UDP ;branch=BRANCH                            |
        | Via: SIP/2.0/UDP ME;branch                                 |
        | Via: SIP/2.0/UDP ME;branch=                                |
        | Via: SIP/2.0/UDP ME;branch=;rport                          |
        | Via: SIP/2.0/UDP ME;=BRANCH                                |
        | Via: SIP/2.0/UDP ME;                                       |
        | Via: SIP/2.0/UDP ME;;;                                     |
        | Via: SIP/2.0/UDP ME;branch=BRANCH,                         |
        | Via: SIP/2.0/UDP ME;branch=BRANCH, ,                       |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;rport=                   |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;rport=99999999999        |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;rport=-1                 |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;received=                |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;received=[::             |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;ttl=                     |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;ttl=99999999999          |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;maddr=                   |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;x="                      |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;x="\\                    |
        | Via: SIP/2.0/UDP ME;branch=BRANCH (                        |
        | Via: SIP/2.0/UDP ME;branch=BRANCH ((((((((()               |
        | Via: SIP/2.0/UDP ME;branch=BRANCH;branch=BRANCH            |
        | Via: SIP/2.0/UDP 1.2.3.4:;branch=BRANCH                    |
        | Via: SIP/2.0/UDP 1.2.3.4:-1;branch=BRANCH                  |
        | Via: SIP/2.0/UDP 1.2.3.4:0;branch=BRANCH                   |
        | Via: SIP/2.0/UDP 1.2.3.4:99999999999;branch=BRANCH         |
        | Via: SIP/2.0/UDP 1.2.3.4:5060:5060;branch=BRANCH           |
        | Via: SIP/2.0/UDP 1.2.3.4.5;branch=BRANCH                   |
        | Via: SIP/2.0/UDP ..;branch=BRANCH                          |
        | Via: SIP/2.0/UDP ␀;branch=BRANCH                           |
        | Via: SIP/2.0/UDP ME;branch=BRANCH␀                         |
        | Via: SIP/2.0/␀ ME;branch=BRANCH                            |
        | Via: SIP/2.0/UDP ME␍␊ ␍␊ ;branch␍␊ =␍␊ BRANCH              |
        | Via: SIP / 2.0 / UDP ME ; branch = BRANCH                  |
        | Via: SIP/9.9/UDP ME;branch=BRANCH                          |
        | Via: HTTP/1.1/UDP ME;branch=BRANCH                         |
        | Via: SIP/2.0/TCP ME;branch=BRANCH                          |
        | Via: SIP/2.0/WS ME;branch=BRANCH                           |
        | Via: SIP/2.0/UDP %s%s%s%n;branch=BRANCH                    |
        | Via: SIP/2.0/UDP ME;branch=%s%n%x                          |
        | v: SIP/2.0/UDP :],SIP/2.0/UDP ME;branch=BRANCH             |
        | Via: SIP/2.0/UDP ME;branch=z9hG4bK                         |
        | Via: SIP/2.0/UDP ME;branch=z9hG4bK;rport                   |
      Then each gets a refusal or no answer
      And the service goes on
      When it is called with its password
      Then the call is set up

      Examples:
        | place                    |
        | in the place of Via      |
        | above Via                |
        | below Via                |

  @hard.message.ambiguous
  Rule: What others may read otherwise is refused, even with the right password
    "␀" and its like stand for control characters, "VALUE" for what the line has without the change.

    Scenario: Control characters, second addresses, numbers out of bounds
      Given a voice application with password authentication
      When INVITEs come with the right password, and with these changes
        | line    | change                         |
        | Call-ID | a␀b                            |
        | Call-ID | a␁b                            |
        | Call-ID | a␡b                            |
        | From    | "a␀b" VALUE                    |
        | From    | VALUE;x="␇"                    |
        | From    | VALUE, <sip:b@b.example>       |
        | From    | VALUE,<sip:b@b.example>;tag=b  |
        | To      | "a␟b" VALUE                    |
        | To      | VALUE, <sip:b@b.example>       |
        | To      | VALUE , sip:b@b.example        |
        | CSeq    | 2147483648 INVITE              |
        | CSeq    | 4294967295 INVITE              |
        | CSeq    | 4294967297 INVITE              |
        | CSeq    | 99999999999999999999 INVITE    |
        | Unknown | a␀b                            |
        | Unknown | a␋b                            |
        | Unknown | a␈                             |
        | User-Agent | a␡                          |
      Then each gets a refusal or no answer
      And none is passed on
      And the service goes on

  @hard.message.to-tag
  Rule: An answer has one To tag

    Scenario: Tags and quotes
      Given a voice application with password authentication
      When requests come with these parameters after To
        | INVITE  | ;tag=t                 |
        | INVITE  | ;tag=t;x=">"           |
        | INVITE  | ;x=">";tag=t           |
        | INVITE  | ;x=">;tag=a";tag=t     |
        | INVITE  | ;tag=t;x="<;tag=a>"    |
        | INVITE  | ; TAG = t ;x="\\">"    |
        | BYE     | ;tag=t;x=">"           |
        | BYE     | ;x=">;tag=a";tag=t     |
        | OPTIONS | ;x=">"                 |
        | OPTIONS | ;x=">;tag=a"           |
        | OPTIONS | ;x=";tag=a"            |
        | MESSAGE | ;x="<sip:a@b>;tag=a"   |
        | MESSAGE | ;tagged=1              |
      Then each answer has one To tag, that of its request if it had one
