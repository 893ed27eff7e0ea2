Feature: Enabling inbound SIP calls
  A voice application takes calls at a SIP URI of its own once it has a way to authenticate its callers.

  @app.enable.needs-auth-mode
  Rule: Without a password and without a source address nothing is enabled

    Scenario Outline: Enabling with <what>
      Given a voice application
      When the client enables it with <field> <value>
      Then the API answers 400
      And the answer holds no password
      And nothing about it has changed
      And the application is still disabled

      Examples:
        | what                              | field               | value  |
        | password authentication off       | passwordAuthEnabled | false  |
        | an empty list of source addresses | allowedSourceIps    | []     |
        | a region alone                    | allowedRegions      | ["US"] |

    Scenario: Enabling with nothing else
      Given a voice application
      When the client sets inboundSipCallsEnabled to true
      Then the API answers 400
      And the application is still disabled

    Scenario: Enabling with both auth modes off
      Given a voice application
      When the client changes it to
        | inboundSipCallsEnabled | true  |
        | passwordAuthEnabled    | false |
        | allowedSourceIps       | []    |
      Then the API answers 400
      And the application is still disabled

    Scenario: It takes no calls after that
      Given a voice application
      When the client sets inboundSipCallsEnabled to true
      And it is called without credentials
      Then the call is refused with 401
      And nothing reaches the voice platform

  @app.enable.password
  Rule: Enabling with password authentication gives a SIP URI and a password, once

    Scenario: What the answer holds
      Given a voice application
      When the client enables it with password authentication
      Then the API grants it
      And the answer holds a SIP URI
      And the answer holds a password
      And the answer shows
        | inboundSipCallsEnabled | true |
        | passwordAuthEnabled    | true |
        | allowedSourceIps       | []   |
        | allowedRegions         | []   |

    Scenario Outline: A change of <field> does not tell it again
      Given a voice application with password authentication
      When the client sets <field> to <value>
      Then the API grants it
      And the answer holds no password

      Examples:
        | field                  | value              |
        | allowedRegions         | ["US"]             |
        | allowedSourceIps       | ["203.0.113.0/25"] |
        | applicationName        | "renamed"          |
        | inboundSipCallsEnabled | true               |
        | inboundSipCallsEnabled | false              |

    Scenario: The password works
      Given a voice application with password authentication
      When it is called with its password
      Then the call is set up

    Scenario: Each application has a SIP URI and a password of its own
      Given a voice application with password authentication
      And another voice application with password authentication
      Then the two have different SIP URIs and passwords

  @app.enable.ip-only
  Rule: Enabling with source addresses alone gives a SIP URI and no password

    Scenario: What the answer holds
      Given a voice application
      When the client allows calls from 203.0.113.0/25 only
      Then the API grants it
      And the answer holds a SIP URI
      And the answer holds no password
      And the answer shows
        | inboundSipCallsEnabled | true               |
        | passwordAuthEnabled    | false              |
        | allowedSourceIps       | ["203.0.113.0/25"] |

    Scenario: A listed caller needs nothing else
      Given a voice application
      When the client allows calls from 0.0.0.0/0 only
      And it is called without credentials
      Then the call is set up
      And no challenge was sent

    Scenario: passwordAuthEnabled may be left out
      Given a voice application
      When the client enables it with allowedSourceIps ["203.0.113.0/25"]
      Then the API grants it
      And the answer holds a SIP URI
      And the answer holds no password

  @app.enable.layered
  Rule: Both together are taken, and a call has to satisfy both

    @smoke
    Scenario: What the answer holds
      Given a voice application
      When the client changes it to
        | inboundSipCallsEnabled | true               |
        | passwordAuthEnabled    | true               |
        | allowedSourceIps       | ["203.0.113.0/25"] |
      Then the API grants it
      And the answer holds a SIP URI
      And the answer holds a password
      And the answer shows
        | inboundSipCallsEnabled | true               |
        | passwordAuthEnabled    | true               |
        | allowedSourceIps       | ["203.0.113.0/25"] |

    Scenario: The password, from a listed address
      Given a voice application with password authentication, open to the US customer's address only
      When the US customer calls it with its password
      Then the call is set up

    Scenario: No password, from a listed address
      Given a voice application with password authentication, open to the US customer's address only
      When the US customer calls it without credentials
      Then the call is challenged with a Digest for the documented realm
      And nothing reaches the voice platform

    @smoke
    Scenario: The password, from another address
      Given a voice application with password authentication, open to the US customer's address only
      When the EU customer calls it with its password at once
      Then the call is refused with 401
      And nothing reaches the voice platform

  @app.uri.format
  Rule: A SIP URI is sip:, a UUID, @ and the SIP domain

    Scenario: Of an application with a password
      Given a voice application
      When the client enables it with password authentication
      Then the answer holds a SIP URI of a UUID and the documented domain

    Scenario: Of an application with source addresses alone
      Given a voice application
      When the client allows calls from 203.0.113.0/25 only
      Then the answer holds a SIP URI of a UUID and the documented domain

    Scenario: Reading it shows the same
      Given a voice application with password authentication
      When the client reads it
      Then the answer holds a SIP URI of a UUID and the documented domain

    @smoke
    Scenario: It takes calls
      Given a voice application with password authentication
      When it is called at its SIP URI with its password
      Then the call is set up
