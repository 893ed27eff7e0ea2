Feature: Password rotation
  Turning password authentication on once more replaces the password.

  @app.rotate.new-password
  Rule: A rotation gives a password that is not the old one

    Scenario: Rotate
      Given a voice application with password authentication
      When the client rotates its password
      Then the API grants it
      And the answer holds a password
      And the password is a new one

    Scenario: Rotate again and again
      Given a voice application with password authentication
      When the client rotates its password
      And the client rotates its password
      And the client rotates its password
      Then the password is a new one

    Scenario: The new one works and the old one does not
      Given a voice application with password authentication
      When the client rotates its password
      And it is called with its password
      And it is called with its former password
      Then the first call was set up
      And the call is refused with 401

  @app.rotate.old-dies-at-once
  Rule: From the moment a rotation is answered the old password is dead and the new one works

    Scenario: The first call after the rotation has the old password
      Given a voice application with password authentication
      When the client rotates its password
      And it is called with its former password
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: The first call after the rotation has the new password
      Given a voice application with password authentication
      When the client rotates its password
      And it is called with its password
      Then the call is set up

    Scenario: The old password worked until then
      Given a voice application with password authentication
      When it is called with its password
      And the client rotates its password
      And it is called with its former password
      Then the first call was set up
      And the call is refused with 401

    Scenario: Over a connection that was there before
      Given a voice application with password authentication
      When it is called over one TCP connection with its password
      And the client rotates its password
      And it is called over one TCP connection with its former password
      And it is called over one TCP connection with its password
      Then those calls are in turn let in, refused, let in

    Scenario: At its SIP URI
      Given a voice application with password authentication
      When it is called at its SIP URI with its password
      And the client rotates its password
      And it is called at its SIP URI with its password
      And it is called at its SIP URI with its former password
      Then the first call was set up
      And the call before the last was set up
      And the call is refused with 401

    Scenario Outline: Together with <field>
      Given a voice application with password authentication
      When the client changes it to
        | passwordAuthEnabled | true    |
        | <field>             | <value> |
      And it is called with its password
      And it is called with its former password
      Then the API grants it
      And the first call was set up
      And the call is refused with 401

      Examples:
        | field                  | value         |
        | inboundSipCallsEnabled | true          |
        | allowedSourceIps       | ["0.0.0.0/0"] |
        | allowedRegions         | []            |
        | applicationName        | "renamed"     |

  @app.rotate.keeps-rest
  Rule: A rotation touches nothing but the password

    Scenario: Reading it before and after
      Given a voice application enabled with
        | passwordAuthEnabled | true                                  |
        | allowedSourceIps    | ["203.0.113.0/25", "198.51.100.7/32"] |
        | allowedRegions      | ["US", "EU"]                          |
      When the client rotates its password
      Then nothing about it has changed

    Scenario: The SIP URI still takes calls
      Given a voice application with password authentication
      When the client rotates its password
      And it is called at its SIP URI with its password
      Then the call is set up

    Scenario: The source addresses still hold
      Given a voice application enabled with
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["192.0.2.200/32"] |
      When the client rotates its password
      And it is called with its password at once
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: The regions still hold
      Given a voice application with password authentication for the region US
      When the client rotates its password
      And the US customer calls it with its password
      And the EU customer calls it with its password at once
      Then the first call was set up
      And the call is refused with 401
