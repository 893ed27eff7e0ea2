Feature: Authentication by source address
  An application may trust addresses instead of a password, or ask for both.

  @sip.ip.no-challenge
  Rule: A call from a listed address is set up without a challenge

    Scenario: Source addresses alone
      Given a voice application open to the US customer's address only
      When the US customer calls it without credentials
      Then the call is set up
      And no challenge was sent

  @sip.ip.not-listed
  Rule: A call from any other address is refused without a challenge

    Scenario: Source addresses alone
      Given a voice application open to the US customer's address only
      When the EU customer calls it without credentials, which is to be refused
      Then the call is refused with 401
      And no challenge was sent
      And nothing reaches the voice platform

  @sip.layered.both
  Rule: With both asked for, the right password from a listed address goes through

    Scenario: Both right
      Given a voice application with password authentication, open to the US customer's address only
      When the US customer calls it with its password
      Then the call is set up

  @sip.layered.ip-fails
  Rule: With both asked for, the right password from another address does not go through

    Scenario: Only the password right
      Given a voice application with password authentication, open to the US customer's address only
      When the EU customer calls it with its password, which is to be refused
      Then the call is refused with 401
      And nothing reaches the voice platform

  @sip.layered.digest-fails
  Rule: With both asked for, a wrong password from a listed address does not go through

    Scenario: Only the address right
      Given a voice application with password authentication, open to the US customer's address only
      When the US customer calls it with a wrong password
      Then the call is refused with 401
      And nothing reaches the voice platform
