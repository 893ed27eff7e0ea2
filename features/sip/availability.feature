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

    Scenario: It was switched off, and the caller has its password
      Given a voice application with password authentication
      When the client disables it
      And it is called with its password at once
      Then the call is refused with 401
      And nothing reaches the voice platform

  @sip.disabled.established
  Rule: A call that is set up outlives its application, and no new one begins

    Scenario: Disabled, and the caller goes on
      Given a voice application with password authentication
      When a call with its password is answered
      And the client disables it
      And it is called with its password at once
      Then the call is refused with 401
      And nothing reaches the voice platform
      And the caller's re-INVITE, INFO and BYE reach the called side

    Scenario: Disabled, and the called side goes on
      Given a voice application with password authentication
      When a call with its password is answered, but not acknowledged yet
      And the client disables it
      And the caller acknowledges it
      Then the called side's re-INVITE, INFO and BYE reach the caller

    Scenario: Deleted, and the caller goes on
      Given a voice application with password authentication
      When a call with its password is answered
      And the client deletes it with the content type none and no length
      And it is called with its password at once
      Then the call is refused with 401
      And nothing reaches the voice platform
      And the caller's re-INVITE, INFO and BYE reach the called side

    Scenario: Deleted, and the called side goes on
      Given a voice application with password authentication
      When a call with its password is answered, but not acknowledged yet
      And the client deletes it with the content type none and no length
      And the caller acknowledges it
      Then the called side's re-INVITE, INFO and BYE reach the caller

  @sip.unknown-application
  Rule: An application that does not exist cannot be told from one that is off

    Scenario: The two answers
      Given a voice application
      When it and applications that do not exist are called without credentials, in turn 5 times
      Then nobody could tell the two kinds of refusals apart

    Scenario: One that was deleted
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When it is called without credentials
      And the client deletes it with the content type none and no length
      And it is called without credentials
      Then the first call was set up
      And the call is refused with 401
      And nothing reaches the voice platform
