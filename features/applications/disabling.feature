Feature: Disabling inbound SIP calls

  @app.disable.kills-credential
  Rule: A disabled application's credentials are worth nothing

    Scenario: A call with what worked a moment ago
      Given a voice application with password authentication
      When it is called with its password
      And the client disables it
      And it is called with its password, which is to be refused
      Then the first call was set up
      And the call is refused with 401
      And nothing reaches the voice platform
