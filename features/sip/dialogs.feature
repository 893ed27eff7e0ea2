Feature: Dialogs
  Once a call is set up, both sides reach each other through the proxy until one of them ends it.

  @sip.dialog.in-route
  Rule: In-dialog requests reach the other side, both ways

    Scenario: The caller hangs up
      Given a voice application with password authentication
      When it is called with its password
      Then the call is set up
      And the proxy put itself on the route
      And the BYE reaches the voice platform

    Scenario: The service is on the route of whoever comes in
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When INVITEs come without credentials and without a body, with these routes recorded
        | none                                         |
        | <sip:near.example;lr>                        |
        | <sip:near.example;lr>, <sip:far.example;lr>  |
      Then each reaches the voice platform with the service on its route

    Scenario: The called side hangs up
      Given a voice application with password authentication
      When it is called with its password, and the called side hangs up
      Then the call is set up

    Scenario: The caller changes the session
      Given a voice application with password authentication
      When it is called with its password, and the caller sends a re-INVITE
      Then the call is set up
      And the BYE reaches the voice platform

    Scenario: The called side changes the session
      Given a voice application with password authentication
      When it is called with its password, and the called side sends a re-INVITE
      Then the call is set up

    Scenario: A BYE of an unknown dialog
      Given a voice application with password authentication
      When somebody sends it a BYE of a dialog that does not exist
      Then BYE is answered with 481
      And nothing reaches the voice platform

    Scenario: A BYE with other tags than those of the call
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller's address sends these requests of that call
        | BYE | with a guessed From tag           |
        | BYE | with a guessed To tag             |
        | BYE | with guessed tags                 |
        | BYE | with its tags the other way round |
      Then each is answered with 481, and passed on to nobody
      And the caller can still change the session, and end the call

  @sip.dialog.auth
  Rule: An invented To tag opens no door

    Scenario: An INVITE that pretends to be in a dialog
      Given a voice application with password authentication
      When it is called with an invented To tag and without credentials
      Then the INVITE is answered with 407 or 481
      And nothing reaches the voice platform

    Scenario: An INVITE that pretends to be in a call that is there
      Given a voice application with password authentication
      When a call with its password is answered
      And the caller's address sends these requests of that call
        | INVITE | with a guessed To tag                     |
        | INVITE | with a guessed To tag, to the application |
      Then each is challenged or answered with 481, and passed on to nobody

  @sip.cancel
  Rule: A ringing call can be given up

    @smoke
    Scenario: CANCEL
      Given a voice application with password authentication
      When it is called with its password, and the caller gives up while it rings
      Then the call is cancelled
      And a CANCEL of that INVITE reaches the voice platform

  @sip.ack-cancel.unchallenged
  Rule: ACK and CANCEL are never challenged

    Scenario: A CANCEL, and the ACK to the 487
      Given a voice application with password authentication
      When it is called with its password, and the caller gives up while it rings
      Then neither ACK nor CANCEL was challenged
