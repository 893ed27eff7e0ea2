Feature: Disabling inbound SIP calls

  @app.disable.clears
  Rule: Disabling takes SIP URI, password authentication and both lists away

    Scenario: An application with everything set
      Given a voice application enabled with
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["203.0.113.0/25"] |
        | allowedRegions      | ["US", "EU"]       |
      When the client disables it
      Then the answer shows
        | sipUri                 | null  |
        | inboundSipCallsEnabled | false |
        | passwordAuthEnabled    | false |
        | allowedSourceIps       | []    |
        | allowedRegions         | []    |
      And reading it shows
        | applicationName        | "conformance scenario" |
        | sipUri                 | null                   |
        | inboundSipCallsEnabled | false                  |
        | passwordAuthEnabled    | false                  |
        | allowedSourceIps       | []                     |
        | allowedRegions         | []                     |

    Scenario: An application with source addresses alone
      Given a voice application enabled with
        | allowedSourceIps | ["203.0.113.0/25"] |
      When the client disables it
      Then reading it shows
        | sipUri                 | null  |
        | inboundSipCallsEnabled | false |
        | allowedSourceIps       | []    |

  @app.disable.kills-credential
  Rule: A disabled application's credentials are worth nothing

    Scenario: A call with the password that worked a moment ago
      Given a voice application with password authentication
      When it is called with its password
      And the client disables it
      And it is called with its password at once
      Then the first call was set up
      And the call is refused with 401
      And nothing reaches the voice platform

    Scenario: A call from an address that was let in a moment ago
      Given a voice application enabled with
        | allowedSourceIps | ["0.0.0.0/0"] |
      When it is called without credentials
      And the client disables it
      And it is called without credentials
      Then the first call was set up
      And the call is refused with 401
      And nothing reaches the voice platform

    Scenario: A call to its former SIP URI
      Given a voice application with password authentication
      When it is called at its SIP URI with its password
      And the client disables it
      And it is called at its former SIP URI
      Then the first call was set up
      And the call is refused with 401
      And nothing reaches the voice platform

  @app.reenable.fresh
  Rule: Enabled again, an application has nothing of what it had before

    Scenario: A new SIP URI and a new password
      Given a voice application with password authentication
      When the client disables it
      And the client enables it with password authentication
      Then the API grants it
      And the answer holds a SIP URI of a UUID and the documented domain
      And the SIP URI is a new one
      And the answer holds a password
      And the password is a new one

    Scenario: The new password works at the new SIP URI
      Given a voice application with password authentication
      When the client disables it
      And the client enables it with password authentication
      And it is called at its SIP URI with its password
      Then the call is set up

    Scenario: The former password stays dead
      Given a voice application with password authentication
      When the client disables it
      And the client enables it with password authentication
      And it is called with its former password
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: The former SIP URI stays dead
      Given a voice application with password authentication
      When it is called at its SIP URI with its password
      And the client disables it
      And the client enables it with password authentication
      And it is called at its former SIP URI
      Then the first call was set up
      And the call is refused with 401
      And nothing reaches the voice platform

    Scenario: The former SIP URI stays dead to the former password
      Given a voice application with password authentication
      When the client disables it
      And the client enables it with password authentication
      And it is called at its former SIP URI with its former password at once
      Then the call is refused with 401
      And nothing reaches the voice platform

    Scenario: Neither the former addresses nor the former regions come back
      Given a voice application enabled with
        | passwordAuthEnabled | true               |
        | allowedSourceIps    | ["192.0.2.200/32"] |
        | allowedRegions      | ["EU"]             |
      When the client disables it
      And the client enables it with password authentication
      And it is called with its password
      Then the answer shows
        | allowedSourceIps | [] |
        | allowedRegions   | [] |
      And the call is set up

    Scenario: With source addresses this time
      Given a voice application with password authentication
      When the client disables it
      And the client enables it with allowedSourceIps ["192.0.2.200/32"]
      And it is called with its password at once
      Then the API grants it
      And the SIP URI is a new one
      And the answer holds no password
      And the call is refused with 401
