Feature: Who can be called
  An application takes calls while inbound SIP is on, and from callers who never registered.

  @sip.no-register-needed
  Rule: Nobody has to REGISTER before a call

    Scenario: A call without registration
      Given a voice application with password authentication
      When it is called with its password
      Then the call is set up
      And no REGISTER was sent

  @sip.disabled
  Rule: An application with inbound SIP off takes no calls

    Scenario: It never was on
      Given a voice application
      When it is called without credentials
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: It was switched off
      Given a voice application with password authentication
      When the client disables it
      And it is called without credentials
      Then the call is refused with 401
      And nothing reaches the voice platform

  @sip.unknown-application
  Rule: An application that does not exist cannot be told from one that is off

    Scenario: The two answers
      Given a voice application
      When it is called without credentials
      And an application that does not exist is called without credentials
      Then the call is refused with 401
      And nobody could tell the two refusals apart
