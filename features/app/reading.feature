Feature: Reading an application
  What was set can be read back; what is secret cannot.

  @app.get.settings
  Rule: Reading an application shows its inbound SIP settings beside its other ones

    Scenario: Never enabled
      Given a voice application
      When the client reads it
      Then the API grants it
      And the answer shows
        | applicationName          | "conformance scenario"               |
        | callInitiatedCallbackUrl | "https://callbacks.example/initiate" |
        | sipUri                   | null                                 |
        | inboundSipCallsEnabled   | false                                |
        | passwordAuthEnabled      | false                                |
        | allowedSourceIps         | []                                   |
        | allowedRegions           | []                                   |

    @smoke
    Scenario: With everything set
      Given a voice application enabled with
        | passwordAuthEnabled | true                                  |
        | allowedSourceIps    | ["203.0.113.0/25", "198.51.100.7/32"] |
        | allowedRegions      | ["US", "EU"]                          |
      When the client reads it
      Then the API grants it
      And the answer holds a SIP URI
      And the answer shows
        | applicationName          | "conformance scenario"                |
        | callInitiatedCallbackUrl | "https://callbacks.example/initiate"  |
        | inboundSipCallsEnabled   | true                                  |
        | passwordAuthEnabled      | true                                  |
        | allowedSourceIps         | ["203.0.113.0/25", "198.51.100.7/32"] |
        | allowedRegions           | ["US", "EU"]                          |

    Scenario: With source addresses alone
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When the client reads it
      Then the answer holds a SIP URI
      And the answer shows
        | inboundSipCallsEnabled | true          |
        | passwordAuthEnabled    | false         |
        | allowedSourceIps       | ["0.0.0.0/0"] |
        | allowedRegions         | []            |

    Scenario: A name that is changed
      Given a voice application with password authentication
      When the client sets applicationName to "renamed"
      Then the API grants it
      And nothing but applicationName has changed
      And reading it shows
        | applicationName | "renamed" |

  @app.get.no-password
  Rule: Reading an application never shows its password

    Scenario: Right after enabling
      Given a voice application with password authentication
      When the client reads it
      Then the API grants it
      And the answer holds no password

    Scenario: Right after a rotation
      Given a voice application with password authentication
      When the client rotates its password
      And the client reads it
      Then the API grants it
      And the answer holds no password

    Scenario Outline: Nor after a change of <field>
      Given a voice application with password authentication
      When the client sets <field> to <value>
      Then the API grants it
      When the client reads it
      Then the answer holds no password

      Examples:
        | field                  | value              |
        | allowedRegions         | ["US"]             |
        | allowedSourceIps       | ["203.0.113.0/25"] |
        | applicationName        | "renamed"          |
        | inboundSipCallsEnabled | true               |
        | inboundSipCallsEnabled | false              |

    Scenario: A list of applications
      Given a voice application with password authentication
      When the client lists the applications
      Then the answer holds no password
