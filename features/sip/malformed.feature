Feature: Torture messages
  RFC 4475 describes 49 messages that implementations have failed on: some look wrong but are right, others look right
  but are wrong. Each is sent as it is, octet for octet, from an address of its own; with only one address, each gets a
  branch of its own. "none" stands for silence.

  @sip.malformed
  Rule: Each torture message is answered or dropped as RFC 4475 says, and the service goes on

    Scenario Outline: <message>, RFC 4475 section <section>
      When the torture message <message> arrives, whose answer is one of <answers>
      Then it is answered with one of <answers>
      And a 420 names what is not supported
      And the service is alive

      Examples:
        | message    | section  | class   | answers                     |
        | wsinv      | 3.1.1.1  | valid   | 401 403 404 407 481         |
        | intmeth    | 3.1.1.2  | valid   | 405 401 403 404 407 501     |
        | esc01      | 3.1.1.3  | valid   | 401 403 404 407             |
        | escnull    | 3.1.1.4  | valid   | 405 401 403 404 407 501     |
        | esc02      | 3.1.1.5  | valid   | 405 401 403 404 407 501     |
        | lwsdisp    | 3.1.1.6  | valid   | 200 403 404 407             |
        | longreq    | 3.1.1.7  | valid   | 401 403 404 407             |
        | dblreq     | 3.1.1.8  | valid   | 405 401 403 404 407 501     |
        | semiuri    | 3.1.1.9  | valid   | 200 403 404 407             |
        | transports | 3.1.1.10 | valid   | 200 403 404 407             |
        | mpart01    | 3.1.1.11 | valid   | 405 401 403 404 407 501     |
        | unreason   | 3.1.1.12 | valid   | none                        |
        | noreason   | 3.1.1.13 | valid   | none                        |
        | badinv01   | 3.1.2.1  | invalid | 400                         |
        | clerr      | 3.1.2.2  | invalid | 400                         |
        | ncl        | 3.1.2.3  | invalid | 400                         |
        | scalar02   | 3.1.2.4  | invalid | 400                         |
        | scalarlg   | 3.1.2.5  | invalid | none                        |
        | quotbal    | 3.1.2.6  | invalid | 400                         |
        | ltgtruri   | 3.1.2.7  | invalid | 400 401 403 404 407         |
        | lwsruri    | 3.1.2.8  | invalid | 400 481 401 403 404 407     |
        | lwsstart   | 3.1.2.9  | invalid | 400 401 403 404 407         |
        | trws       | 3.1.2.10 | invalid | 400 200 403 404 407         |
        | escruri    | 3.1.2.11 | invalid | 400 401 403 404 407         |
        | baddate    | 3.1.2.12 | invalid | 400 401 403 404 407         |
        | regbadct   | 3.1.2.13 | invalid | 400 405                     |
        | badaspec   | 3.1.2.14 | invalid | 400                         |
        | baddn      | 3.1.2.15 | invalid | 400                         |
        | badvers    | 3.1.2.16 | invalid | 505                         |
        | mismatch01 | 3.1.2.17 | invalid | 400                         |
        | mismatch02 | 3.1.2.18 | invalid | 501 400                     |
        | bigcode    | 3.1.2.19 | invalid | none                        |
        | badbranch  | 3.2.1    | invalid | 400 200 403 404 407         |
        | insuf      | 3.3.1    | invalid | 400                         |
        | unkscm     | 3.3.2    | valid   | 416                         |
        | novelsc    | 3.3.3    | valid   | 416 404                     |
        | unksm2     | 3.3.4    | valid   | 400 405 401 403 404 407 501 |
        | bext01     | 3.3.5    | valid   | 420                         |
        | invut      | 3.3.6    | valid   | 401 403 404 407 415         |
        | regaut01   | 3.3.7    | valid   | 405 401 403 404 407 501     |
        | multi01    | 3.3.8    | invalid | 400                         |
        | mcl01      | 3.3.9    | invalid | 400                         |
        | bcast      | 3.3.10   | valid   | none                        |
        | zeromf     | 3.3.11   | valid   | 483 200                     |
        | cparam01   | 3.3.12   | valid   | 405 401 403 404 407 501     |
        | cparam02   | 3.3.13   | valid   | 405 401 403 404 407 501     |
        | regescrt   | 3.3.14   | valid   | 405 401 403 404 407 501     |
        | sdp01      | 3.3.15   | valid   | 401 403 404 407 400 406 488 |
        | inv2543    | 3.4.1    | valid   | 401 403 404 407             |
