Feature: All of a change or none of it

  @app.patch.atomic
  Rule: A refused change changes nothing, however many of its other settings were right

    Scenario Outline: Everything right but <what>
      Given a voice application enabled with
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["203.0.113.0/24"] |
        | allowedRegions      | ["US"]             |
      When the client changes it to
        | applicationName     | "renamed" |
        | passwordAuthEnabled | true      |
        | allowedSourceIps    | <sources> |
        | allowedRegions      | <regions> |
      Then the API answers 400
      And the answer holds no password
      And nothing about it has changed

      Examples:
        | what                 | sources                             | regions            |
        | a region             | ["198.51.100.7/32"]                 | ["EU", "Atlantis"] |
        | a private address    | ["198.51.100.7/32", "10.0.0.0/8"]   | ["EU"]             |
        | the type of a list   | "198.51.100.7/32"                   | ["EU"]             |
        | the type of an entry | ["198.51.100.7/32", 7]              | ["EU"]             |
        | two of them          | ["198.51.100.7/32", "192.0.2.1/24"] | ["Atlantis"]       |

    Scenario Outline: Everything right of what a webhook is asked, and not <what>
      Given a voice application with password authentication
      When the client changes it to
        | callInitiatedCallbackUrl    | "https://callbacks.example/another"              |
        | callInitiatedMethod         | "GET"                                            |
        | callInitiatedFallbackUrl    | "https://callbacks.example/fallback"             |
        | callInitiatedFallbackMethod | "GET"                                            |
        | callInitiatedFallbackCreds  | {"userId": "somebody", "password": "a password"} |
        | callStatusCallbackUrl       | "https://callbacks.example/status"               |
        | callStatusMethod            | "GET"                                            |
        | callbackCreds               | {"userId": "another", "password": "a password"}  |
        | callbackTimeout             | 20                                               |
        | <field>                     | <value>                                          |
      Then the API answers 400
      And nothing about it has changed

      Examples:
        | what            | field            | value          |
        | a region        | allowedRegions   | ["Atlantis"]   |
        | an address      | allowedSourceIps | ["10.0.0.0/8"] |
        | a type          | allowedRegions   | "US"           |
        | what is unknown | noSuchField      | 1              |

    Scenario: The old password is in force after a refused rotation
      Given a voice application with password authentication
      When the client changes it to
        | passwordAuthEnabled | true         |
        | allowedRegions      | ["Atlantis"] |
      And it is called with its password
      Then the API answers 400
      And the answer holds no password
      And the call is set up

    Scenario: The old addresses are in force after a refused change
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When the client changes it to
        | allowedSourceIps | ["192.0.2.200/32"] |
        | allowedRegions   | ["Atlantis"]       |
      And it is called without credentials
      Then the API answers 400
      And the call is set up

    Scenario: The addresses of a refused change are not in force
      Given a voice application enabled with
        | allowedSourceIps | ["192.0.2.200/32"] |
      When the client changes it to
        | allowedSourceIps | ["0.0.0.0/0"] |
        | allowedRegions   | ["Atlantis"]  |
      And it is called without credentials
      Then the API answers 400
      And the call is refused with 401

    Scenario: It still takes calls after a refused disabling
      Given a voice application with password authentication
      When the client changes it to
        | inboundSipCallsEnabled | false      |
        | allowedRegions         | "Atlantis" |
      And it is called with its password
      Then the API answers 400
      And nothing about it has changed
      And the call is set up

    Scenario: The same field twice
      Given a voice application with password authentication for the regions US and EU
      When the client sends the body {"allowedRegions": ["US"], "allowedRegions": ["EU"]}
      Then it is refused and nothing has changed, or allowedRegions is ["US"] or ["EU"]

  @app.disabled-settings
  Rule: Only an application that is enabled, or is being enabled, takes settings of inbound SIP

    Scenario Outline: Disabling together with <field> <value> contradicts itself
      Given a voice application with password authentication
      When the client changes it to
        | inboundSipCallsEnabled | false   |
        | <field>                | <value> |
      Then the API answers 400
      And the error is about <field> or inboundSipCallsEnabled
      And nothing about it has changed

      Examples:
        | field               | value              |
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["203.0.113.0/25"] |
        | allowedRegions      | ["US"]             |

    Scenario Outline: A disabled application takes no <field> <value> without being enabled
      Given a voice application
      When the client sets <field> to <value>
      Then the API answers 400
      And the error is about <field> or inboundSipCallsEnabled
      And nothing about it has changed

      Examples:
        | field               | value              |
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["203.0.113.0/25"] |
        | allowedRegions      | ["US"]             |
        | passwordAuthEnabled | false              |
        | allowedSourceIps    | []                 |
        | allowedRegions      | []                 |
