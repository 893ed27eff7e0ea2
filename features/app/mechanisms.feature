Feature: Turning an auth mode off
  An application may change how it authenticates its callers, and is never left without a way to.

  @app.password-off
  Rule: Without password authentication nobody is challenged, and the old password is worth nothing

    Scenario: The source addresses alone decide
      Given a voice application with password authentication
      When the client changes it to
        | passwordAuthEnabled | false         |
        | allowedSourceIps    | ["0.0.0.0/0"] |
      And it is called without credentials
      Then the API grants it
      And the answer holds no password
      And the answer shows
        | passwordAuthEnabled | false |
      And the call is set up
      And no challenge was sent

    Scenario: The old password opens nothing to an address that is not listed
      Given a voice application with password authentication
      When the client changes it to
        | passwordAuthEnabled | false              |
        | allowedSourceIps    | ["192.0.2.200/32"] |
      And it is called with its password at once
      Then the call is refused with 401
      And no challenge was sent
      And nothing reaches the voice platform

    Scenario: With both modes on, the list stays
      Given a voice application enabled with
        | passwordAuthEnabled | true          |
        | allowedSourceIps    | ["0.0.0.0/0"] |
      When it is called with its password
      And the client sets passwordAuthEnabled to false
      And it is called without credentials
      Then nothing but passwordAuthEnabled has changed
      And the first call was set up
      And the call is set up
      And no challenge was sent
      And reading it shows
        | passwordAuthEnabled | false |

    Scenario: Turned on again it gives a new password, and the old one stays dead
      Given a voice application enabled with
        | passwordAuthEnabled | true          |
        | allowedSourceIps    | ["0.0.0.0/0"] |
      When the client sets passwordAuthEnabled to false
      And the client sets passwordAuthEnabled to true
      And it is called with its password
      And it is called with its former password
      Then the password is a new one
      And the first call was set up
      And the call is refused with 401

    Scenario: Without any source address it cannot be turned off
      Given a voice application with password authentication
      When the client sets passwordAuthEnabled to false
      Then the API answers 400
      And nothing about it has changed

  @app.last-mechanism
  Rule: The last auth mode of an enabled application cannot be taken away

    Scenario: The password
      Given a voice application with password authentication
      When the client sets passwordAuthEnabled to false
      And it is called with its password
      Then the API answers 400
      And nothing about it has changed
      And the call is set up

    Scenario: The source addresses
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When the client sets allowedSourceIps to []
      And it is called without credentials
      Then the API answers 400
      And nothing about it has changed
      And the call is set up

    Scenario: Both at once
      Given a voice application enabled with
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["203.0.113.0/25"] |
      When the client changes it to
        | passwordAuthEnabled | false |
        | allowedSourceIps    | []    |
      Then the API answers 400
      And nothing about it has changed

    Scenario: One after the other
      Given a voice application enabled with
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["203.0.113.0/25"] |
      When the client sets allowedSourceIps to []
      Then the API grants it
      When the client sets passwordAuthEnabled to false
      Then the API answers 400
      And nothing about it has changed

    Scenario: One may replace the other in one change
      Given a voice application enabled with
        | allowedSourceIps | ["192.0.2.200/32"] |
      When the client changes it to
        | passwordAuthEnabled | true |
        | allowedSourceIps    | []   |
      Then the API grants it
      When it is called with its password
      Then the call is set up
