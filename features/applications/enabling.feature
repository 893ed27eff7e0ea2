Feature: Enabling inbound SIP calls
  A voice application takes calls at a SIP URI of its own once it has a way to tell its callers.

  @app.enable.password
  Rule: Enabling with password authentication gives a SIP URI and a password, once

    Scenario: What the answer holds
      Given a voice application
      When the client enables it with password authentication
      Then the API answers 200
      And the answer holds a SIP URI
      And the answer holds a password

    Scenario: The password works
      Given a voice application with password authentication
      When it is called with its password
      Then the call is set up

  @app.enable.ip-only
  Rule: Enabling with source addresses alone gives a SIP URI and no password

    Scenario: What the answer holds
      Given a voice application
      When the client allows calls from 203.0.113.0/25 only
      Then the API answers 200
      And the answer holds a SIP URI
      And the answer holds no password

  @app.get.no-password
  Rule: Reading an application never shows its password

    Scenario: Right after enabling
      Given a voice application with password authentication
      When the client reads it
      Then the API answers 200
      And the answer holds no password

    Scenario: Right after a rotation
      Given a voice application with password authentication
      When the client rotates its password
      And the client reads it
      Then the API answers 200
      And the answer holds no password
