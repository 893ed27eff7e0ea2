Feature: Digest authentication
  A caller of an application with password authentication proves that it knows the password.

  @sip.challenge
  Rule: A first INVITE without credentials is challenged

    Scenario: The challenge
      Given a voice application with password authentication
      When it is called without credentials
      Then the call is challenged with a Digest for the documented realm
      And nothing reaches the voice platform

    Scenario: Credentials that are no Digest for the service's realm
      Given a voice application with password authentication
      When INVITEs come with these in Proxy-Authorization
        | the password in Basic                     |
        | the password in Bearer                    |
        | the right digest under another scheme     |
        | the right digest without a realm          |
        | the scheme and the parameters in one word |
        | semicolons between the parameters         |
        | words between the parameters              |
        | nothing between the parameters            |
        | a scheme and nothing else                 |
        | no value                                  |
        | a parameter without a value               |
        | a quotation without an end                |
      Then each of them is answered with 400 or 407
      And none is passed on

    Scenario: Digests that cannot be checked
      Given a voice application with password authentication
      When INVITEs come with these in Proxy-Authorization
        | the right digest without a nonce        |
        | the right digest without a uri          |
        | the right digest without a nonce count  |
        | the right digest without a client nonce |
        | no response                             |
        | a qop that was not offered              |
        | an algorithm that nobody has            |
        | a nonce count that is no number         |
        | an empty response                       |
        | a part of the right digest              |
        | more than the right digest              |
        | the right digest in a list              |
      Then each of them is answered with 400, 401 or 407
      And none is passed on

  @sip.auth.accepted
  Rule: The right answer to the challenge sets the call up

    @smoke
    Scenario: From INVITE to BYE
      Given a voice application with password authentication
      When it is called with its password
      Then the call is set up
      And the call reaches the voice platform
      And the ACK reaches the voice platform

    Scenario: A client makes up its nonce as it likes
      Given a voice application with password authentication
      When INVITEs come with the right password, and with these client nonces
        | 0                                                                |
        | 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef |
        | a b, c=d; e:f, <g>                                               |
        | ÄÖÜ ☎                                                            |
      Then each gets through

  @sip.auth.wrong-password
  Rule: A wrong answer to a good challenge is refused

    @smoke
    Scenario: Another password
      Given a voice application with password authentication
      When it is called with a wrong password
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: The password of another application
      Given a voice application with password authentication
      And another voice application with password authentication
      When the first is called with the other's password
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: A digest that is right in part
      Given a voice application with password authentication
      When it is called with digests of which these digits are wrong, each to a fresh challenge
        | the first          |
        | the last           |
        | one in the middle  |
        | the first half     |
        | the second half    |
        | the last quarter   |
        | all but the first  |
        | all but the last   |
      Then each is refused with 401
      And none is passed on

  @sip.auth.stale-nonce
  Rule: The right answer to a nonce that has grown old is challenged again, as stale

    @long
    Scenario: Longer than a nonce lives
      Given a voice application with password authentication
      When it is called with its password, but the caller takes longer than a nonce lives to answer the challenge
      Then the second INVITE is challenged anew as stale
      And the call is set up

    @long
    Scenario: A nonce that was good for a call before
      Given a voice application with password authentication
      When a caller without credentials is challenged
      And it answers with its password and the nonce count 1
      And it answers with the nonce count 2, more than the life of a nonce later
      Then each is challenged as stale, with a nonce not seen before
      And none is passed on

  @sip.challenge.not-stale
  Rule: What is refused for another reason does not say that a nonce was stale

    Scenario: There was no nonce before
      Given a voice application with password authentication
      When it is called without credentials
      Then the challenge does not say that a nonce was stale

    Scenario: The nonce was good, and the password was not
      Given a voice application with password authentication
      When it is called with a wrong password
      Then the refusal does not say that a nonce was stale

  @sip.challenge.fresh-nonce
  Rule: No two challenges carry the same nonce

    Scenario: Three calls in a row
      Given a voice application with password authentication
      When it is called 3 times without credentials
      Then 3 challenges came, each with a nonce of its own

    Scenario: Three challenges in one call
      Given a voice application with password authentication
      When it is called 3 times without credentials under one Call-ID
      Then 3 are challenged, and each challenge and refusal has a nonce of its own

    Scenario: A hundred challenges at once
      Given a voice application with password authentication
      When 100 INVITEs come at once, without credentials
      Then 100 are challenged, and each challenge and refusal has a nonce of its own

    Scenario: Challenges and refusals in turn
      Given a voice application with password authentication
      When it is called without credentials and with a wrong password, in turn 3 times
      Then 3 are challenged, and each challenge and refusal has a nonce of its own

  @sip.challenge.qop
  Rule: The challenge offers qop, and an answer without it is accepted

    Scenario: What the challenge offers
      Given a voice application with password authentication
      When it is called without credentials
      Then the challenge offers qop "auth"

    Scenario: An old client answers without qop
      Given a voice application with password authentication
      When it is called without credentials
      And it is called with an answer to that challenge without qop
      Then the call is set up

  @sip.auth.forged-nonce
  Rule: The right answer to a nonce the service never gave is challenged

    Scenario Outline: A nonce made up by the caller, <how>
      Given a voice application with password authentication
      When it is called with the right answer to the nonce "<nonce>"
      Then the call is challenged with a Digest for the documented realm
      And nothing reaches the voice platform

      Examples:
        | how                      | nonce                                    |
        | a short one              | bm9uY2U                                  |
        | one that looks like ours | AaH__jGiJlhcWKbIXNYDjprqT9GpwzjIZidPlabZ |
        | an empty one             |                                          |

  @sip.auth.nonce-replay
  Rule: A nonce count is good once, and a wrong answer uses none up

    Scenario: The same count again
      Given a voice application with password authentication
      When it is called without credentials
      And it is called with the right answer to that challenge and the nonce count 1
      And it is called with the right answer to that challenge and the nonce count 1
      Then the call before the last was set up
      And the call is challenged with a Digest for the documented realm

    Scenario: The count before the last
      Given a voice application with password authentication
      When it is called without credentials
      And it is called with the right answer to that challenge and the nonce count 1
      And it is called with the right answer to that challenge and the nonce count 2
      And it is called with the right answer to that challenge and the nonce count 1
      Then the call before the last was set up
      And the call is challenged with a Digest for the documented realm

    Scenario: A wrong answer with a huge count comes first
      Given a voice application with password authentication
      When it is called without credentials
      And it is called with a wrong answer to that challenge and the nonce count 4294967295
      And it is called with the right answer to that challenge and the nonce count 1
      Then the call is set up

  @sip.auth.foreign-realm
  Rule: Credentials for another realm count for nothing, and are passed on

    Scenario: Those alone
      Given a voice application with password authentication
      When it is called with credentials for another realm only
      Then the call is challenged with a Digest for the documented realm

    Scenario: Beside the right ones
      Given a voice application with password authentication
      When it is called with its password and with credentials for another realm
      Then the call is set up
      And the credentials for the other realm reach the voice platform
