Feature: Attacks by header
  What a caller writes must not reach the voice platform as a header that the service would have taken out, or that
  nobody wrote. Unicode's pictures stand for control characters: ␍␊ for CR LF, ␉ for a tab, ␠ for a blank.

  @hard.headers.smuggling
  Rule: No spelling carries an X- header through

    Scenario: Every spelling that a header may have
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it calls with its password and each of these beside its headers
        | X-A: smuggled                                               |
        | x-a: smuggled                                               |
        | x-A: smuggled                                               |
        | X-A:smuggled                                                |
        | X-A : smuggled                                              |
        | X-A␉: smuggled                                              |
        | X-A ␉ ␉: smuggled                                           |
        | X-A:␉smuggled                                               |
        | X-: smuggled                                                |
        | X-1: smuggled                                               |
        | x-1A : smuggled                                             |
        | X--A: smuggled                                              |
        | X-A.!%*_+`'~: smuggled                                      |
        | X-Call-ID: smuggled                                         |
        | X-A: smuggled␍␊ smuggled                                    |
        | X-A: smuggled␍␊␉smuggled                                    |
        | X-A:␍␊ smuggled                                             |
        | X-A:␍␊ ␍␊ smuggled                                          |
        | X-A :␍␊␉smuggled␍␊ smuggled                                 |
        | X-A: smuggled␍␊x-a: smuggled␍␊X-B : smuggled                |
        | Unknown: one␍␊ two␍␊X-A: smuggled                           |
        | X-A: smuggled␍␊Unknown: one␍␊ two                           |
        | Unknown: one␍␊ two␍␊X-A: smuggled␍␊ smuggled␍␊Other: a␍␊␉b  |
      Then each gets through
      And nothing of them is smuggled through

    Scenario: At the first and at the last place
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it calls with its password and each of these before its headers
        | X-A: smuggled             |
        | X-A : smuggled␍␊ smuggled |
      Then each gets through
      And nothing of them is smuggled through
      When a caller without credentials is challenged
      And it calls with its password and each of these behind its headers
        | X-A: smuggled             |
        | x-a␉: smuggled␍␊ smuggled |
      Then each gets through
      And nothing of them is smuggled through

    Scenario: In the requests of a call
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller sends re-INVITE, ACK and BYE with these headers
        | X-A: smuggled                 |
        | x-a : smuggled␍␊ smuggled     |
        | X-B␉: smuggled                |
      Then nothing of them is smuggled through in re-INVITE, ACK or BYE

    Scenario: Names that no header may have
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it calls with its password and each of these beside its headers
        | X-A␍␊ : smuggled      |
        | X-A␀: smuggled        |
        | X-A␋: smuggled        |
        | X-A␁: smuggled        |
        | X-␀A: smuggled        |
        | ␀X-A: smuggled        |
        | ␋X-A: smuggled        |
        | X-A␡: smuggled        |
        | X-A B: smuggled       |
        | X-A; smuggled         |
        | X-A                   |
        | X-A: smuggled␀        |
        | ␍X-A: smuggled        |
        | ␊X-A: smuggled        |
      Then nothing of them is smuggled through

  @hard.headers.crlf-injection
  Rule: No value ends its line early

    Scenario Outline: <form> in every place
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it calls with its password and "<form>" in each of these places
        | the user of the Request-URI      |
        | the user of To                   |
        | the user of From                 |
        | the host of From                 |
        | a URI parameter of From          |
        | a URI header of From             |
        | the quoted display name of From  |
        | the display name of From         |
        | the tag of From                  |
        | the branch                       |
        | a parameter of Via               |
        | the Call-ID                      |
        | the CSeq                         |
        | the user of Contact              |
        | the Subject                      |
        | an unknown header                |
        | the method                       |
      Then no header line "Injected" comes of it

      Examples:
        | form                       |
        | %0d%0aInjected:%20yes      |
        | %0D%0AInjected:yes%0D%0A   |
        | %0aInjected:yes            |
        | %250d%250aInjected:yes     |
        | ␍Injected: yes             |
        | ␊Injected: yes             |
        | ␊␍Injected: yes            |
        | ␍␍Injected: yes            |
        | \\␊Injected: yes           |
        | ␀␊Injected: yes            |
        | &#13;&#10;Injected: yes    |
        | 嘍嘊Injected: yes            |
