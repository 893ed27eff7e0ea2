Feature: Digest authentication
  A caller of an application with password authentication proves that it knows the password.

  @sip.challenge
  Rule: A first INVITE without credentials is challenged

    Scenario: The challenge
      Given a voice application with password authentication
      When it is called without credentials
      Then the call is challenged with a Digest for the documented realm
      And nothing reaches the voice platform

  @sip.auth.accepted
  Rule: The right answer to the challenge sets the call up

    Scenario: From INVITE to BYE
      Given a voice application with password authentication
      When it is called with its password
      Then the call is set up
      And the call reaches the voice platform

  @sip.auth.wrong-password
  Rule: A wrong answer to a good challenge is refused

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

  @sip.auth.stale-nonce
  Rule: The right answer to a nonce that has grown old is challenged again, as stale

    Scenario: Longer than a nonce lives
      Given a voice application with password authentication
      When it is called with its password, but the caller takes longer than a nonce lives to answer the challenge
      Then the second INVITE is challenged anew as stale
      And the call is set up
