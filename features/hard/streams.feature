Feature: Attacks by length
  Over TCP a message ends where its Content-Length says. Who can make two elements disagree about that can hide one
  message in another. Unicode's pictures stand for control characters: ␍␊ for CR LF.

  @hard.tcp.content-length
  Rule: A Content-Length that can be read in two ways ends the connection

    Scenario: A message hidden where another reading ends the first one
      Given a voice application with password authentication
      When OPTIONS go over TCP with these lines, each with an INVITE hidden so many octets behind its header
        | line                                            | octets |
        | Content-Length: 4294967328                      | 32     |
        | Content-Length: 4294967296                      | 0      |
        | Content-Length: 18446744073709551648            | 32     |
        | Content-Length: 99999999999999999999999999      | 0      |
        | Content-Length: -1                              | 0      |
        | Content-Length: -0                              | 0      |
        | Content-Length: -32                             | 32     |
        | Content-Length: +32                             | 32     |
        | Content-Length: 0x20                            | 32     |
        | Content-Length: 0x20                            | 0      |
        | Content-Length: 20h                             | 20     |
        | Content-Length: 1e1                             | 10     |
        | Content-Length: 1e1                             | 1      |
        | Content-Length: 32.0                            | 32     |
        | Content-Length: 3 2                             | 3      |
        | Content-Length: 3 2                             | 32     |
        | Content-Length: 3␍␊ 2                           | 3      |
        | Content-Length: 0, 32                           | 0      |
        | Content-Length: 0, 32                           | 32     |
        | Content-Length: 0;p=1                           | 0      |
        | Content-Length: 0␀                              | 0      |
        | Content-Length:                                 | 0      |
        | Content-Length: zero                            | 0      |
        | Content-Length: 0␍␊Content-Length: 32           | 0      |
        | Content-Length: 0␍␊Content-Length: 32           | 32     |
        | Content-Length: 32␍␊Content-Length: 0           | 0      |
        | Content-Length: 32␍␊Content-Length: 0           | 32     |
        | Content-Length: 0␍␊l: 32                        | 0      |
        | l: 0␍␊Content-Length: 32                        | 0      |
        | Content-Length : 0␍␊content-length␉: 32         | 32     |
        | Content-Length: 0␊Content-Length: 32            | 0      |
        | Content-Length: 0␍Content-Length: 32            | 0      |
        | Content␀-Length: 0                              | 0      |
        | Unknown: no length                              | 0      |
      Then each connection ends with a refusal or without an answer
      And nothing comes of a hidden message
      When it is called over TCP with its password
      Then the call is set up
