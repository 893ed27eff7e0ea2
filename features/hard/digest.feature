Feature: Attacks on digest authentication
  Who does not hold the password tries it with the nonce, the nonce count and the service's own credentials.

  @hard.digest.foreign-nonce
  Rule: A nonce that the service never issued is worth nothing, whatever it looks like

    Scenario Outline: <nonce>
      Given a voice application with password authentication
      When a call answers <nonce> with its password
      Then the call is challenged with a nonce not seen before
      And the call does not get through
      But the right answer to the nonce that was issued gets through

      Examples:
        | nonce                                                 |
        | an issued nonce with another beginning                |
        | an issued nonce with another character in the middle  |
        | an issued nonce with another character near its end   |
        | an issued nonce in the other case                     |
        | an issued nonce with one character less               |
        | an issued nonce with one character more               |
        | an issued nonce twice                                 |
        | random characters in the form of an issued nonce      |
        | the time and random characters in the form of a nonce |
        | the nonce of another realm                            |
        | a short nonce                                         |
        | an empty nonce                                        |
        | a nonce of 8,000 characters                           |

  @hard.digest.replay
  Rule: A nonce count is good once, and no lower one is good after it

    Scenario Outline: After 1 and 5, <count> again
      Given a voice application with password authentication
      When calls with its password use the nonce counts 1 and 5 of one nonce
      And a call with its password uses the nonce count <count> of that nonce
      Then the first two calls got through
      And the call is challenged with a nonce not seen before
      And the call does not get through

      Examples:
        | count |
        | 5     |
        | 3     |
        | 1     |
        | 2     |
        | 0     |

    Scenario Outline: The credentials of a call that got through, octet for octet, <how>
      Given a voice application with password authentication
      When a call with its password gets through, and <how> sends its credentials again
      Then the first call got through
      And the call is challenged with a nonce not seen before
      And the call does not get through

      Examples:
        | how             |
        | the same caller |
        | another caller  |

  @hard.digest.nonce-poisoning
  Rule: A wrong digest uses no nonce count up

    Scenario Outline: A wrong digest with the nonce count <poison>, then the right one with 2
      Given a voice application with password authentication
      When <who> answers a challenge with a wrong password and the nonce count <poison>
      And the right answer to that challenge has the nonce count 2
      Then the first call did not get through
      And the call gets through

      Examples:
        | who             | poison   |
        | the same caller | ffffffff |
        | the same caller | fffffffe |
        | the same caller | 00000002 |
        | another caller  | ffffffff |
